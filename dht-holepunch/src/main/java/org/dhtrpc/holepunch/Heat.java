package org.dhtrpc.holepunch;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.jspecify.annotations.Nullable;

/** A {@link Race} that is run by one end of a punch. */
final class Heat {
    private static final long MILLI = 1_000_000L;

    /** For so long an end that anybody can reach lets the other one begin. */
    private static final long SILENCE = 1_500 * MILLI;

    private final Punch punch;
    private final Race race;
    private final List<PlainChecks.Target> targets;
    private final FreshSockets fresh;
    private final Attempts attempts;
    private final Workbench bench;
    private @Nullable Birthday birthday;

    /**
     * Of this punch.
     *
     * @param halfway how long a datagram takes to the other end by way of the referrer, in nanoseconds
     * @param tell what the other end is told by way of the referrer
     */
    Heat(
            Punch punch,
            Race race,
            long halfway,
            BiConsumer<Notice, @Nullable Endpoint> tell,
            Attempts attempts,
            Workbench bench) {
        this.punch = punch;
        this.race = race;
        this.attempts = attempts;
        this.bench = bench;
        targets = race.targets(bench);
        fresh = new FreshSockets(punch.initiator, punch.referrer, halfway, punch.prober, bench, punch.sockets, tell);
        attempts.add(fresh);
    }

    /** The first probe, before anything is agreed: it opens our own NAT. */
    void early() {
        if (!race.silent(punch.initiator)) {
            PlainChecks.Target seen = targets.get(0);
            punch.prober.probe(Outbox.MAIN, seen.endpoint(), seen.kind());
        }
    }

    /**
     * Begins.
     *
     * @param delay by how much later than now, in nanoseconds
     * @param guesses how many ports may be probed at random; asked only if it comes to that
     */
    void begin(long now, long delay, IntSupplier guesses) {
        long wait = race.silent(punch.initiator) ? delay + SILENCE : delay;
        attempts.run(now, new PlainChecks(Outbox.MAIN, targets, punch.prober, bench), wait);
        Attempt prediction = race.prediction(punch.prober, bench, punch.sockets);
        if (prediction != null) {
            attempts.run(now, prediction, delay);
        }
        birthday = race.birthday(punch.initiator, guesses, punch.prober, bench, punch.sockets);
        if (birthday != null) {
            attempts.run(now, birthday, delay + race.birthdayDelay());
        }
        if (punch.initiator && race.freshHelps()) {
            attempts.at(now + delay + race.freshDelay(), fresh::begin);
        }
    }

    Race race() {
        return race;
    }

    /** The other end has another socket. */
    void moved(long now, Endpoint to) {
        fresh.moved(now, to);
    }

    /** Both have. */
    void again(long now) {
        fresh.start(now);
    }

    /** Whether a search may still find something, though the time is over. */
    boolean promising() {
        return birthday != null && birthday.promising();
    }

    /** How it was done if the other end is met there. */
    Path kindOf(int socket, Endpoint from) {
        for (PlainChecks.Target target : targets) {
            if (target.endpoint().equals(from) && socket == Outbox.MAIN) {
                return target.kind();
            }
        }
        return race.byGuess();
    }
}
