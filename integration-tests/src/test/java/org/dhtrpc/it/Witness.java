package org.dhtrpc.it;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtState;

/** Sees what must not happen during an attack: warnings in the log, nodes that end, handlers that fail, heap that grows. */
final class Witness implements AutoCloseable {
    /**
     * What the heap may differ by: 4,096 remembered calls with their replies are about 24 MiB when they are largest, and
     * the attackers have their own. A million datagrams that left 50 bytes each would be found out.
     */
    private static final long MOST_GROWTH = 48 << 20;

    /** Held here, since the JDK forgets a logger that nobody holds. */
    private final Logger library = Logger.getLogger("org.dhtrpc");

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final long heapBefore = heap();

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getThrown() != null || entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                Throwable thrown = entry.getThrown();
                seen.add(entry.getLoggerName() + " logged: " + entry.getMessage()
                        + (thrown == null ? "" : trace(thrown)));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    Witness() {
        library.addHandler(handler);
    }

    /** Watches a node too, until it is closed. */
    void watch(Dht node) {
        node.onEvent(event -> {
            if (event instanceof DhtEvent.HandlerFailed || event.equals(new DhtEvent.StateChanged(DhtState.CLOSED))) {
                seen.add(node.localAddress() + ": " + event);
            }
        });
    }

    /** Adds to the findings; the nodes must still be open. */
    void testify(Findings findings) {
        long heapAfter = heap();
        findings.figure("heap before, KiB", heapBefore >> 10);
        findings.figure("heap after, KiB", heapAfter >> 10);
        findings.promise(
                "memory is bounded, but the heap grew from " + heapBefore + " to " + heapAfter + " bytes",
                heapAfter - heapBefore <= MOST_GROWTH);
        findings.figure("warnings logged and nodes or handlers failed", seen.size());
        findings.promise("nothing is logged and no node or handler fails, but " + seen, seen.isEmpty());
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return "\n" + trace;
    }

    /** What lives on it. */
    static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Override
    public void close() {
        library.removeHandler(handler);
    }
}
