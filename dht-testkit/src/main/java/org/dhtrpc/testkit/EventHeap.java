package org.dhtrpc.testkit;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A binary heap of events in the order of (time, arrival), in flat arrays. Not for more than one thread. */
final class EventHeap<E> {
    private long[] times = new long[64];
    private long[] arrivals = new long[64];
    private @Nullable Object[] events = new Object[64];
    private int size;
    private long arrived;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(long time, E event) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            arrivals = Arrays.copyOf(arrivals, 2 * size);
            events = Arrays.copyOf(events, 2 * size);
        }
        rise(size++, time, arrived++, event);
    }

    /** The time of the first event; unless empty. */
    long time() {
        return times[0];
    }

    /** The first event; unless empty. */
    @SuppressWarnings("unchecked") // Only add puts events in.
    E first() {
        return (E) Objects.requireNonNull(events[0]);
    }

    /** Takes the first event out; unless empty. */
    E remove() {
        E first = first();
        int last = --size;
        Object event = Objects.requireNonNull(events[last]);
        events[last] = null;
        if (last > 0) {
            sink(0, times[last], arrivals[last], event);
        }
        return first;
    }

    /** Takes all events out of which this is true. */
    @SuppressWarnings("unchecked")
    void removeIf(Predicate<? super E> unwanted) {
        int seen = size;
        size = 0;
        // An event moves to places that have been looked at only: the heap grows again in the same arrays.
        for (int i = 0; i < seen; i++) {
            Object event = Objects.requireNonNull(events[i]);
            events[i] = null;
            if (!unwanted.test((E) event)) {
                rise(size++, times[i], arrivals[i], event);
            }
        }
    }

    /** Puts an event at this free place or above. */
    private void rise(int free, long time, long arrival, Object event) {
        int place = free;
        while (place > 0) {
            int parent = (place - 1) / 2;
            if (!before(time, arrival, parent)) {
                break;
            }
            move(parent, place);
            place = parent;
        }
        put(place, time, arrival, event);
    }

    /** Puts an event at this free place or below. */
    private void sink(int free, long time, long arrival, Object event) {
        int place = free;
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && before(times[child + 1], arrivals[child + 1], child)) {
                child++;
            }
            if (before(time, arrival, child)) {
                break;
            }
            move(child, place);
            place = child;
        }
        put(place, time, arrival, event);
    }

    private boolean before(long time, long arrival, int place) {
        return time != times[place] ? time < times[place] : arrival < arrivals[place];
    }

    private void move(int from, int to) {
        put(to, times[from], arrivals[from], events[from]);
    }

    private void put(int place, long time, long arrival, @Nullable Object event) {
        times[place] = time;
        arrivals[place] = arrival;
        events[place] = event;
    }
}
