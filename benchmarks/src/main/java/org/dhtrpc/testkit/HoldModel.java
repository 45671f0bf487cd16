package org.dhtrpc.testkit;

import java.time.Duration;
import java.util.PriorityQueue;
import org.jspecify.annotations.NullMarked;

/**
 * A queue that keeps its size: the first event is taken out and comes back later, over and over. How much later is what a
 * DHT asks for: of a hundred events 60 are datagrams (10 to 300 ms), 35 are timers of requests (2 s), 5 are timers of
 * upkeep (up to an hour). The delays are drawn beforehand, and a few events stand for all, since what it costs to fetch one
 * from memory in order to run it is not the queue's to save.
 */
@NullMarked
final class HoldModel {
    private static final int DELAYS = 1 << 16;
    private static final int EVENTS = 1 << 10;

    /** What takes events in any order and returns them in the order of (time, arrival). */
    interface Queue {
        void add(long time, Event event);

        /** The time of the event that {@link #remove} returns. */
        long time();

        Event remove();
    }

    record Event(int name) {}

    private final Queue queue;
    private final long[] delays = new long[DELAYS];
    private final Hash64 order = new Hash64(0);
    private int drawn;

    /** A model with so many events in the queue, which comes empty. */
    HoldModel(Queue queue, int pending) {
        this.queue = queue;
        RandomStream random = new RandomStream(pending);
        for (int i = 0; i < DELAYS; i++) {
            delays[i] = delay(random);
        }
        Event[] events = new Event[EVENTS];
        for (int i = 0; i < EVENTS; i++) {
            events[i] = new Event(i);
        }
        for (int i = 0; i < pending; i++) {
            // Not from the table: no two events should march in step from the beginning.
            queue.add(delay(random), events[i % EVENTS]);
        }
    }

    private static long delay(RandomStream random) {
        int percent = random.nextInt(100);
        if (percent < 60) {
            return random.nextLong(
                    Duration.ofMillis(10).toNanos(), Duration.ofMillis(300).toNanos());
        }
        return percent < 95
                ? Duration.ofSeconds(2).toNanos()
                : random.nextLong(Duration.ofHours(1).toNanos());
    }

    /** One operation: out and in again. */
    void hold() {
        long time = queue.time();
        Event event = queue.remove();
        order.add(time).add(event.name);
        queue.add(time + delays[drawn++ & (DELAYS - 1)], event);
    }

    /** A hash of the order in which the events came out. */
    long order() {
        return order.value();
    }

    /** The queue of simulations. */
    static final class Wheel implements Queue {
        private final TimingWheel<Event> wheel = new TimingWheel<>();

        @Override
        public void add(long time, Event event) {
            wheel.add(time, event);
        }

        @Override
        public long time() {
            wheel.due(Long.MAX_VALUE);
            return wheel.time();
        }

        @Override
        public Event remove() {
            return wheel.remove();
        }
    }

    /** The JDK's heap, which needs an object for each event that waits. */
    static final class Heap implements Queue {
        private final PriorityQueue<Waiting> heap = new PriorityQueue<>();
        private long arrivals;

        @Override
        public void add(long time, Event event) {
            heap.add(new Waiting(time, arrivals++, event));
        }

        @Override
        public long time() {
            return heap.element().time;
        }

        @Override
        public Event remove() {
            return heap.remove().event;
        }
    }

    private record Waiting(long time, long arrival, Event event) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            return time != other.time ? Long.compare(time, other.time) : Long.compare(arrival, other.arrival);
        }
    }
}
