package org.dhtrpc.holepunch;

import org.jspecify.annotations.Nullable;

/** Asks the other end through the referrer, where there is no other way; then datagrams go there too. */
final class RelayAttempt implements Attempt {
    /** In milliseconds from the beginning. A question and its answer are four datagrams, any of which may be lost. */
    private static final int[] OFFSETS = {0, 150, 300, 500, 750, 1_000, 1_300, 1_600, 2_000, 2_400};

    private final RelayLine line;
    private final Workbench bench;
    private Timers.@Nullable Timer timer;
    private boolean ended;

    RelayAttempt(RelayLine line, Workbench bench) {
        this.line = line;
        this.bench = bench;
    }

    @Override
    public void begin(long now) {
        next(now, 0);
    }

    private void next(long begun, int round) {
        if (!ended && round < OFFSETS.length) {
            timer = bench.timers().at(begun + 1_000_000L * OFFSETS[round], now -> {
                line.ask();
                next(begun, round + 1);
            });
        }
    }

    @Override
    public void end() {
        ended = true;
        if (timer != null) {
            timer.cancel();
        }
    }
}
