package org.dhtrpc.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.jspecify.annotations.Nullable;

/** All who listen to a network; mostly nobody. */
final class Taps {
    private final Kernel kernel;
    /** One may add or remove another while it is told. */
    private final List<Tap> taps = new CopyOnWriteArrayList<>();

    Taps(Kernel kernel) {
        this.kernel = kernel;
    }

    /** The result takes it away again. */
    Runnable add(Tap tap) {
        taps.add(tap);
        return () -> taps.remove(tap);
    }

    void sent(SimulatedHost from, Endpoint to, @Nullable Message message, int size) {
        if (message == null || taps.isEmpty()) {
            return;
        }
        try {
            taps.forEach(tap -> tap.sent(from, to, message, size));
        } catch (Throwable defect) {
            // A node may be prepared for a transport that throws, and swallow it.
            kernel.fail(defect);
        }
    }

    void delivered(SimulatedHost to, Flight flight) {
        Message message = flight.message;
        if (message != null && flight.corruption == 0 && !taps.isEmpty()) {
            taps.forEach(tap -> tap.delivered(to, flight.from, message, flight.size));
        }
    }
}
