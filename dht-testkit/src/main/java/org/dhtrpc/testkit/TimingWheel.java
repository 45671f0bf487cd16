package org.dhtrpc.testkit;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait for their times, in the exact order of (time, arrival): a hierarchical timing wheel (Varghese, Lauck
 * 1987). To add or to remove one costs the same however many there are, and makes no garbage.
 *
 * <p>Time is cut into ticks, and a tick has a place at each level: eight of its bits. An event waits at the highest level
 * at which its tick and the current one differ. When the position reaches its slot there, all of the slot is dealt out to
 * lower levels, and at last into a heap, which puts the events of one tick in order. A slot is a queue, and is dealt out
 * as one; so events of equal times stay in the order in which they came.
 *
 * <p>Not for more than one thread.
 */
final class TimingWheel<E> {
    /** A tick is 1,024 ns: few events even of a large network fall into one. */
    private static final int TICK_BITS = 10;

    private static final int SLOT_BITS = 8;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final int LAST_SLOT = SLOTS - 1;

    /** With the bits of a tick these are more than the 63 of a time: no deadline is too far away for a slot. */
    private static final int LEVELS = 7;

    private final EventHeap<E> due = new EventHeap<>();
    private final @Nullable Chunk[] heads = new Chunk[LEVELS * SLOTS];
    private final @Nullable Chunk[] tails = new Chunk[LEVELS * SLOTS];

    /** A bit for each slot, of the lowest level first. Those at the position and behind it are empty. */
    private final long[] occupied = new long[LEVELS * SLOTS / Long.SIZE];

    private @Nullable Chunk spare;
    private long position;
    private int size;

    /** How many events wait. */
    int size() {
        return size;
    }

    /**
     * Adds an event.
     *
     * @param time 0 or more; behind those of its time that were added before, and in order even if later ones were removed
     */
    void add(long time, E event) {
        size++;
        place(time, event);
    }

    private void place(long time, E event) {
        long tick = time >>> TICK_BITS;
        if (tick <= position) {
            due.add(time, event);
        } else {
            int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(tick ^ position)) / SLOT_BITS;
            int index = (int) (tick >>> (level * SLOT_BITS)) & LAST_SLOT;
            append((level << SLOT_BITS) | index, time, event);
        }
    }

    private void append(int slot, long time, E event) {
        Chunk tail = tails[slot];
        if (tail == null || tail.size == Chunk.CAPACITY) {
            tail = extend(slot, tail);
        }
        tail.times[tail.size] = time;
        tail.events[tail.size++] = event;
    }

    private Chunk extend(int slot, @Nullable Chunk tail) {
        Chunk chunk = spare;
        if (chunk == null) {
            chunk = new Chunk();
        } else {
            spare = chunk.next;
            chunk.next = null;
        }
        if (tail == null) {
            heads[slot] = chunk;
            occupied[slot >>> 6] |= 1L << slot;
        } else {
            tail.next = chunk;
        }
        tails[slot] = chunk;
        return chunk;
    }

    /**
     * True if an event's time is not beyond the limit; {@link #time}, {@link #first} and {@link #remove} are then about
     * the first. The position is not moved beyond the limit: whatever is added behind it has to be sorted by the heap.
     */
    boolean due(long limit) {
        while (due.isEmpty()) {
            if (!turn(limit)) {
                return false;
            }
        }
        return due.time() <= limit;
    }

    /** Moves the position to the next occupied slot and deals that out, unless there is none up to the limit. */
    private boolean turn(long limit) {
        int slot = firstOccupied();
        if (slot < 0) {
            return false;
        }
        int shift = (slot >>> SLOT_BITS) * SLOT_BITS;
        long above = position >>> (shift + SLOT_BITS);
        long start = ((above << SLOT_BITS) | (slot & LAST_SLOT)) << shift;
        if (start > limit >>> TICK_BITS) {
            return false;
        }
        position = start;
        for (Chunk chunk = detach(slot); chunk != null; chunk = recycle(chunk)) {
            for (int i = 0; i < chunk.size; i++) {
                place(chunk.times[i], event(chunk, i));
            }
        }
        return true;
    }

    private int firstOccupied() {
        for (int word = 0; word < occupied.length; word++) {
            if (occupied[word] != 0) {
                return word * Long.SIZE + Long.numberOfTrailingZeros(occupied[word]);
            }
        }
        return -1;
    }

    private @Nullable Chunk detach(int slot) {
        Chunk head = heads[slot];
        heads[slot] = null;
        tails[slot] = null;
        occupied[slot >>> 6] &= ~(1L << slot);
        return head;
    }

    /** Keeps an empty chunk for later and returns the one behind it. */
    private @Nullable Chunk recycle(Chunk chunk) {
        Chunk next = chunk.next;
        Arrays.fill(chunk.events, 0, chunk.size, null);
        chunk.size = 0;
        chunk.next = spare;
        spare = chunk;
        return next;
    }

    /** The time of the first event; if {@link #due}. */
    long time() {
        return due.time();
    }

    /** The first event; if {@link #due}. */
    E first() {
        return due.first();
    }

    /** Takes the first event out; if {@link #due}. */
    E remove() {
        size--;
        return due.remove();
    }

    /** Takes all events out of which this is true, in no particular order. Costs as much as there are events. */
    void removeIf(Predicate<? super E> unwanted) {
        due.removeIf(unwanted);
        size = due.size();
        for (int slot = 0; slot < heads.length; slot++) {
            for (Chunk chunk = detach(slot); chunk != null; chunk = recycle(chunk)) {
                for (int i = 0; i < chunk.size; i++) {
                    E event = event(chunk, i);
                    if (!unwanted.test(event)) {
                        append(slot, chunk.times[i], event);
                        size++;
                    }
                }
            }
        }
    }

    @SuppressWarnings("unchecked") // No chunk leaves this wheel.
    private E event(Chunk chunk, int i) {
        return (E) Objects.requireNonNull(chunk.events[i]);
    }

    /** A piece of a slot's queue: events side by side with their times, which are dealt out without a look at them. */
    private static final class Chunk {
        static final int CAPACITY = 32;

        private final long[] times = new long[CAPACITY];
        private final @Nullable Object[] events = new Object[CAPACITY];
        private int size;
        private @Nullable Chunk next;
    }
}
