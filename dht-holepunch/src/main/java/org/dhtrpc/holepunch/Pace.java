package org.dhtrpc.holepunch;

import java.util.function.LongConsumer;

/** Sends one probe after the other, each when it is due and the budget allows it. */
final class Pace {
    private static final long TURN = 5_000_000L;

    private final Timers timers;
    private final PunchBudget.Share budget;
    private Timers.Timer timer;
    private boolean ended;

    Pace(Workbench bench) {
        this.timers = bench.timers();
        this.budget = bench.budget();
        this.timer = timers.at(0, now -> {});
        timer.cancel();
    }

    /** Does it at this time, or as soon as there is leave. */
    void at(long time, LongConsumer probe) {
        timer.cancel();
        if (!ended) {
            timer = timers.at(time, now -> turn(now, probe));
        }
    }

    private void turn(long now, LongConsumer probe) {
        if (budget.take(now)) {
            probe.accept(now);
        } else {
            timer = timers.at(now + TURN, later -> turn(later, probe));
        }
    }

    void end() {
        ended = true;
        timer.cancel();
    }
}
