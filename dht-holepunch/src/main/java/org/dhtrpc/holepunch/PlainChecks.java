package org.dhtrpc.holepunch;

import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchResult.Path;

/**
 * Probes from one socket to all that is known of the other end, ever less often: both do so, and what the one sends opens the way
 * for what the other sends. It is all that is needed where one of the two lets in any port of an address.
 */
final class PlainChecks implements Attempt {
    /** In milliseconds from the beginning; the last ones are for those who have lost the first. */
    private static final int[] OFFSETS = {0, 50, 100, 200, 400, 800, 1_400, 2_000, 3_000, 5_000};

    /** Whoever is not where the referrer sees the other end is not bothered more often than this. */
    private static final int ELSEWHERE = 4;

    /** @param observed whether the referrer sees the other end there, by its address */
    record Target(Endpoint endpoint, Path kind, boolean observed) {}

    private final int socket;
    private final List<Target> targets;
    private final Prober prober;
    private final Pace pace;
    private long begun;

    PlainChecks(int socket, List<Target> targets, Prober prober, Workbench bench) {
        this.socket = socket;
        this.targets = targets;
        this.prober = prober;
        this.pace = new Pace(bench);
    }

    @Override
    public void begin(long now) {
        begun = now;
        next(now, 0, 0);
    }

    private void next(long now, int round, int target) {
        if (target == targets.size()) {
            next(now, round + 1, 0);
        } else if (round < OFFSETS.length) {
            pace.at(begun + 1_000_000L * OFFSETS[round], later -> {
                Target next = targets.get(target);
                if (next.observed || round < ELSEWHERE) {
                    prober.probe(socket, next.endpoint, next.kind);
                }
                next(later, round, target + 1);
            });
        }
    }

    @Override
    public void end() {
        pace.end();
    }
}
