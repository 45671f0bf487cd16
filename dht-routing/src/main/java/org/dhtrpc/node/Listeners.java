package org.dhtrpc.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Registration;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of events. Taken in and let go on any thread; told on the loop, or at the very end on the thread that ends a
 * node whose loop does not come to it.
 */
final class Listeners {
    private final Problems problems;

    /** Replaced as a whole, under the lock; read without it. */
    private volatile List<Listener> listeners = List.of();

    /** There before the first listener is seen. */
    private @Nullable Signals signals;

    /** One registration; of the same consumer there may be several, and each is taken back for itself. */
    private static final class Listener {
        private final Consumer<? super DhtEvent> consumer;

        Listener(Consumer<? super DhtEvent> consumer) {
            this.consumer = consumer;
        }
    }

    /** @param problems hears of a listener that throws */
    Listeners(Problems problems) {
        this.problems = problems;
    }

    synchronized Registration add(Consumer<? super DhtEvent> consumer) {
        Listener listener = new Listener(consumer);
        if (signals == null) {
            signals = new Signals(thrown -> problems.report("Telling of an event failed", thrown));
        }
        List<Listener> more = new ArrayList<>(listeners);
        more.add(listener);
        listeners = more;
        return () -> remove(listener);
    }

    private synchronized void remove(Listener listener) {
        List<Listener> fewer = new ArrayList<>(listeners);
        fewer.remove(listener);
        listeners = fewer;
    }

    boolean none() {
        return listeners.isEmpty();
    }

    /** Tells all of them, one event after the other, whoever brings it. */
    void tell(DhtEvent event) {
        if (!none() && signals != null) {
            signals.tell(() -> tellEach(event));
        }
    }

    private void tellEach(DhtEvent event) {
        for (Listener listener : listeners) {
            try {
                listener.consumer.accept(event);
            } catch (RuntimeException | Error e) {
                problems.report("A listener threw at " + event, e);
            }
        }
    }
}
