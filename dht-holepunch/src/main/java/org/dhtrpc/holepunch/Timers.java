package org.dhtrpc.holepunch;

import java.util.PriorityQueue;
import java.util.function.LongConsumer;

/** What is to be done later, in the order of time, then of hand-over. Whoever sets a timer bounds how many there are. */
final class Timers {
    /** So many that are cancelled may wait until they would have been due. */
    private static final int SPARE = 64;

    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private long order;
    private int cancelled;

    /** One of them. */
    final class Timer implements Comparable<Timer> {
        private final long time;
        private final long order;
        private final LongConsumer task;
        private boolean over;

        private Timer(long time, long order, LongConsumer task) {
            this.time = time;
            this.order = order;
            this.task = task;
        }

        /** Idempotent. */
        void cancel() {
            if (!over) {
                over = true;
                cancelled++;
            }
        }

        // The clock may begin anywhere, but does not run for centuries.
        @Override
        public int compareTo(Timer other) {
            int byTime = Long.compare(time - other.time, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** @param task given the time at which it is done */
    Timer at(long time, LongConsumer task) {
        if (cancelled > SPARE && 2 * cancelled > queue.size()) {
            queue.removeIf(waiting -> waiting.over);
            cancelled = 0;
        }
        Timer timer = new Timer(time, order++, task);
        queue.add(timer);
        return timer;
    }

    /** {@link Long#MAX_VALUE} if nothing is to be done. */
    long earliest() {
        while (!queue.isEmpty() && queue.element().over) {
            queue.remove();
            cancelled--;
        }
        return queue.isEmpty() ? Long.MAX_VALUE : queue.element().time;
    }

    void advance(long now) {
        while (earliest() != Long.MAX_VALUE && queue.element().time - now <= 0) {
            Timer timer = queue.remove();
            timer.over = true;
            timer.task.accept(now);
        }
    }

    void clear() {
        queue.forEach(timer -> timer.over = true);
        queue.clear();
        cancelled = 0;
    }

    /** How many wait, cancelled ones included. */
    int size() {
        return queue.size();
    }
}
