package org.dhtrpc.transport.nio;

import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for their time. From any thread, without locks, in O(log n); a cancelled timer is gone at once.
 *
 * <p>Times are compared as numbers, so they must not have overflown.
 */
final class Timers {
    private final ConcurrentNavigableMap<Due, Runnable> waiting = new ConcurrentSkipListMap<>();
    private final AtomicLong added = new AtomicLong();

    EventLoop.Timer add(long deadline, Runnable task) {
        Due due = new Due(deadline, added.getAndIncrement());
        waiting.put(due, task);
        return () -> waiting.remove(due);
    }

    /** When the first is due; {@link Long#MAX_VALUE} if there is none. */
    long next() {
        Map.Entry<Due, Runnable> first = waiting.firstEntry();
        return first == null ? Long.MAX_VALUE : first.getKey().deadline();
    }

    /** Takes the first that is due, or returns null. */
    @Nullable
    Runnable poll(long now) {
        while (true) {
            Map.Entry<Due, Runnable> first = waiting.firstEntry();
            if (first == null || first.getKey().deadline() > now) {
                return null;
            }
            // This and cancelling race for the removal, and whoever removes it has won.
            if (waiting.remove(first.getKey()) != null) {
                return first.getValue();
            }
        }
    }

    void clear() {
        waiting.clear();
    }

    /** Timers of one deadline fire in the order in which they were added. */
    private record Due(long deadline, long order) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int first = Long.compare(deadline, other.deadline);
            return first != 0 ? first : Long.compare(order, other.order);
        }
    }
}
