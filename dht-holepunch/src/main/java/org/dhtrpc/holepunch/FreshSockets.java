package org.dhtrpc.holepunch;

import java.util.List;
import java.util.function.BiConsumer;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.jspecify.annotations.Nullable;

/**
 * The same once more from new sockets, and in step. A router that takes in what it does not know makes a flow of its own of the
 * other end's early packet, and shows us at another port then. New sockets are at ports that no packet has come to; and if both ends
 * begin within the time that a datagram is on its way, none comes before ours has left.
 *
 * <p>Each end has the referrer say where its new socket is seen, and tells the other; whoever began then says when.
 */
final class FreshSockets implements Attempt {
    private static final long REPEAT = 300_000_000L;
    private static final int REPEATS = 5;

    private final boolean initiator;
    private final Endpoint referrer;
    private final long halfway;
    private final Prober prober;
    private final Workbench bench;
    private final Sockets sockets;
    private final BiConsumer<Notice, @Nullable Endpoint> tell;

    private int socket = -1;
    private @Nullable Endpoint ours;
    private @Nullable Endpoint theirs;
    private @Nullable PlainChecks checks;
    private Timers.@Nullable Timer timer;
    private boolean begun;
    private boolean ended;

    /** @param halfway how long a datagram takes to the other end by way of the referrer, in nanoseconds */
    FreshSockets(
            boolean initiator,
            Endpoint referrer,
            long halfway,
            Prober prober,
            Workbench bench,
            Sockets sockets,
            BiConsumer<Notice, @Nullable Endpoint> tell) {
        this.initiator = initiator;
        this.referrer = referrer;
        this.halfway = halfway;
        this.prober = prober;
        this.bench = bench;
        this.sockets = sockets;
        this.tell = tell;
    }

    @Override
    public void begin(long now) {
        if (!begun && !ended) {
            begun = true;
            sockets.open(1, this::ask);
        }
    }

    private void ask(long now, int opened) {
        socket = opened;
        bench.bind(now, opened, referrer, this::seen, later -> {});
    }

    private void seen(long now, StunMessage answer) {
        Endpoint seen = answer.seen();
        if (seen != null && !ended) {
            ours = seen;
            tell(now, initiator ? REPEATS : 1);
        }
    }

    private void tell(long now, int times) {
        if (times > 0 && !ended && checks == null) {
            tell.accept(Notice.MOVED, ours);
            timer = bench.timers().at(now + REPEAT, later -> tell(later, times - 1));
        }
    }

    /** The other end has told of its socket. */
    void moved(long now, Endpoint to) {
        theirs = to;
        if (!initiator) {
            begin(now);
            if (ours != null) {
                tell.accept(Notice.MOVED, ours);
            }
        } else if (ours != null && checks == null) {
            tell.accept(Notice.START_AGAIN, null);
            checks(now + halfway);
        }
    }

    /** Whoever began says that it is time. */
    void start(long now) {
        if (!initiator && ours != null && theirs != null) {
            checks(now);
        }
    }

    private void checks(long time) {
        Endpoint to = theirs;
        if (to == null || ended || checks != null || !bench.allowed(to)) {
            return;
        }
        PlainChecks again =
                new PlainChecks(socket, List.of(new PlainChecks.Target(to, Path.PUNCHED, true)), prober, bench);
        checks = again;
        timer = bench.timers().at(time, again::begin);
    }

    @Override
    public void end() {
        ended = true;
        if (timer != null) {
            timer.cancel();
        }
        if (checks != null) {
            checks.end();
        }
    }
}
