package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** What a punch tries and still has to do, until a way is found or it is over; and what it has to do even then. */
final class Attempts {
    private final Timers timers;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Timers.Timer> waiting = new ArrayList<>();
    private boolean settled;

    Attempts(Timers timers) {
        this.timers = timers;
    }

    /** @param delay the head start that others have, in nanoseconds */
    void run(long now, Attempt attempt, long delay) {
        add(attempt);
        at(now + delay, attempt::begin);
    }

    /** One that somebody else begins. */
    void add(Attempt attempt) {
        attempts.add(attempt);
    }

    /** Does it at this time, unless a way was found before. */
    void at(long time, LongConsumer task) {
        whatever(time, now -> {
            if (!settled) {
                task.accept(now);
            }
        });
    }

    /** Does it at this time, unless the punch is over. */
    void whatever(long time, LongConsumer task) {
        waiting.add(timers.at(time, task));
    }

    /** A way was found: nothing further is tried. */
    void settle() {
        settled = true;
        attempts.forEach(Attempt::end);
    }

    /** The punch is over. */
    void end() {
        settle();
        waiting.forEach(Timers.Timer::cancel);
    }
}
