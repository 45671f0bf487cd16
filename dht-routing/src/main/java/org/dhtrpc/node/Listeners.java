package org.dhtrpc.node;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Registration;

/**
 * Who is told of events. Taken in and let go on any thread; told on the loop, or at the very end on the thread that ends a
 * node whose loop does not come to it.
 */
final class Listeners {
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final BiConsumer<String, Throwable> problems;
    private final Signals signals;

    /** One registration; of the same consumer there may be several, and each is taken back for itself. */
    private static final class Listener {
        private final Consumer<? super DhtEvent> consumer;

        Listener(Consumer<? super DhtEvent> consumer) {
            this.consumer = consumer;
        }
    }

    /** @param problems hears of a listener that throws */
    Listeners(BiConsumer<String, Throwable> problems) {
        this.problems = problems;
        this.signals = new Signals(thrown -> problems.accept("Telling of an event failed", thrown));
    }

    Registration add(Consumer<? super DhtEvent> consumer) {
        Listener listener = new Listener(consumer);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    boolean none() {
        return listeners.isEmpty();
    }

    /** Tells all of them, one event after the other, whoever brings it. */
    void tell(DhtEvent event) {
        if (!none()) {
            signals.tell(() -> tellEach(event));
        }
    }

    private void tellEach(DhtEvent event) {
        for (Listener listener : listeners) {
            try {
                listener.consumer.accept(event);
            } catch (RuntimeException | Error e) {
                problems.accept("A listener threw at " + event, e);
            }
        }
    }
}
