package org.dhtrpc.holepunch;

import java.util.List;
import java.util.function.LongConsumer;
import org.dhtrpc.Endpoint;

/**
 * Before a NAT with sequential ports a new socket is opened first, and the referrer asked where it sees that: so far has the NAT
 * counted. If there is no socket, or no answer, the punch goes on without.
 */
final class Sampling {
    private static final long PATIENCE = 1_000_000_000L;

    private final Punch punch;
    private final List<Candidate> ours;
    private final Workbench bench;
    private final LongConsumer then;
    private boolean done;

    private Sampling(Punch punch, List<Candidate> ours, Workbench bench, LongConsumer then) {
        this.punch = punch;
        this.ours = ours;
        this.bench = bench;
        this.then = then;
    }

    /**
     * Adds what it finds to what we tell of ourselves.
     *
     * @param then what comes next, unless the punch is over by then
     */
    static void sample(long now, Punch punch, List<Candidate> ours, Workbench bench, LongConsumer then) {
        Sampling sampling = new Sampling(punch, ours, bench, then);
        if (!punch.local.predictable() || punch.sockets.open(1, sampling::ask) == 0) {
            sampling.end(now);
        } else {
            bench.timers().at(now + PATIENCE, sampling::end);
        }
    }

    private void ask(long now, int socket) {
        bench.bind(now, socket, punch.referrer, (later, answer) -> seen(later, socket, answer), later -> {
            punch.sockets.close(socket);
            end(later);
        });
    }

    private void seen(long now, int socket, StunMessage answer) {
        Endpoint sample = answer.seen();
        if (sample != null && !done) {
            ours.add(new Candidate(Candidate.Kind.SAMPLE, sample));
        }
        punch.sockets.close(socket);
        end(now);
    }

    private void end(long now) {
        if (!done && !punch.ended()) {
            done = true;
            then.accept(now);
        }
    }
}
