package org.dhtrpc.transport.netty;

import java.util.Arrays;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for their time: a binary heap whose elements know their place, so that one is taken out in O(log n),
 * and one object is all that a timer costs. On the loop only, but for {@link Due#cancel}.
 *
 * <p>Times are compared as numbers, so they must not have overflown.
 */
final class Timers {
    private final NettyLoop loop;
    private @Nullable Due[] heap = new Due[16];
    private int size;
    private long added;

    Timers(NettyLoop loop) {
        this.loop = loop;
    }

    /** A timer that waits for {@link #add}. From any thread. */
    Due timer(long deadline, Runnable task) {
        return new Due(deadline, task);
    }

    /** Timers of one deadline fire in the order in which they are added. */
    void add(Due due) {
        if (due.task == null) {
            return;
        }
        due.order = added++;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        up(size++, due);
    }

    /** When the first is due; {@link Long#MAX_VALUE} if there is none. */
    long next() {
        Due first = heap[0];
        return first == null ? Long.MAX_VALUE : first.deadline;
    }

    /** Takes the task of the first that is due, or returns null. */
    @Nullable
    Runnable poll(long now) {
        for (Due first = heap[0]; first != null && first.deadline <= now; first = heap[0]) {
            remove(first);
            Runnable task = first.task;
            // Null if it was cancelled on another thread, which is on its way to take it out.
            if (task != null) {
                first.task = null;
                return task;
            }
        }
        return null;
    }

    void clear() {
        Arrays.fill(heap, null);
        size = 0;
    }

    private void remove(Due due) {
        int place = due.place;
        if (place >= size || heap[place] != due) {
            return;
        }
        Due last = heap[--size];
        heap[size] = null;
        if (last != null && last != due) {
            up(place, last);
            if (heap[place] == last) {
                down(place, last);
            }
        }
    }

    private void up(int from, Due due) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            Due other = heap[parent];
            if (other == null || !due.before(other)) {
                break;
            }
            put(place, other);
            place = parent;
        }
        put(place, due);
    }

    private void down(int from, Due due) {
        int place = from;
        while (true) {
            int child = 2 * place + 1;
            if (child >= size) {
                break;
            }
            Due left = heap[child];
            Due right = child + 1 < size ? heap[child + 1] : null;
            Due least = left;
            if (left != null && right != null && right.before(left)) {
                least = right;
                child++;
            }
            if (least == null || !least.before(due)) {
                break;
            }
            put(place, least);
            place = child;
        }
        put(place, due);
    }

    private void put(int place, Due due) {
        heap[place] = due;
        due.place = place;
    }

    /** One timer. */
    final class Due implements EventLoop.Timer {
        private final long deadline;
        private volatile @Nullable Runnable task;
        private long order;
        private int place;

        private Due(long deadline, Runnable task) {
            this.deadline = deadline;
            this.task = task;
        }

        long deadline() {
            return deadline;
        }

        private boolean before(Due other) {
            return deadline != other.deadline ? deadline < other.deadline : order < other.order;
        }

        /** The task is forgotten here and now; the rest of the timer as soon as the loop comes to it. */
        @Override
        public void cancel() {
            if (task == null) {
                return;
            }
            task = null;
            if (loop.inLoop()) {
                remove(this);
            } else {
                loop.execute(() -> remove(this));
            }
        }
    }
}
