package org.dhtrpc.routing;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Things that wait for a time, the earliest first; of two with the same time, the one that was set first. A binary heap
 * whose entries know their place, so that moving and cancelling one is cheap and leaves nothing behind.
 */
final class Deadlines {
    /** What {@link #earliest} says when nothing waits. */
    static final long NEVER = Long.MAX_VALUE;

    private @Nullable Entry[] heap = new Entry[1];
    private int size;
    private long sequence;

    /** Something that waits for a time; it is its own timer, so that a request in flight costs one object. */
    abstract static class Entry {
        private long at;
        private long order;
        private int index = -1;

        /** Called once the time has come; the entry no longer waits then. */
        abstract void expire(long now);

        final boolean waiting() {
            return index >= 0;
        }
    }

    /** Makes the entry wait until {@code at}, whether it waited before or not. */
    void set(Entry entry, long at) {
        cancel(entry);
        entry.at = at;
        entry.order = sequence++;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        up(entry, size++);
    }

    /** Forgets the entry; one that does not wait is left alone. */
    void cancel(Entry entry) {
        int hole = entry.index;
        if (hole < 0) {
            return;
        }
        entry.index = -1;
        Entry last = at(--size);
        heap[size] = null;
        if (last != entry) {
            up(last, hole);
            down(last, last.index);
        }
    }

    /** Forgets every entry. */
    void clear() {
        for (int i = 0; i < size; i++) {
            at(i).index = -1;
        }
        Arrays.fill(heap, null);
        size = 0;
    }

    /** When {@link #expireOne} has work to do; {@link #NEVER} if nothing waits. */
    long earliest() {
        return size == 0 ? NEVER : at(0).at;
    }

    /** How late the earliest is; negative if its time has not come, or nothing waits. */
    long overdue(long now) {
        return size == 0 ? -1 : now - at(0).at;
    }

    /** Expires the earliest entry if its time has come; false if there is none. */
    boolean expireOne(long now) {
        if (size == 0 || at(0).at - now > 0) {
            return false;
        }
        Entry first = at(0);
        cancel(first);
        first.expire(now);
        return true;
    }

    private void up(Entry entry, int hole) {
        int index = hole;
        while (index > 0 && before(entry, at((index - 1) / 2))) {
            place(at((index - 1) / 2), index);
            index = (index - 1) / 2;
        }
        place(entry, index);
    }

    private void down(Entry entry, int hole) {
        int index = hole;
        while (2 * index + 1 < size) {
            int child = 2 * index + 1;
            if (child + 1 < size && before(at(child + 1), at(child))) {
                child++;
            }
            if (!before(at(child), entry)) {
                break;
            }
            place(at(child), index);
            index = child;
        }
        place(entry, index);
    }

    private void place(Entry entry, int index) {
        heap[index] = entry;
        entry.index = index;
    }

    private Entry at(int index) {
        return Objects.requireNonNull(heap[index], "a hole in the heap");
    }

    private static boolean before(Entry left, Entry right) {
        long difference = left.at - right.at;
        return difference < 0 || (difference == 0 && left.order - right.order < 0);
    }
}
