package org.dhtrpc.testkit.contract;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a call allocates, on JVMs that tell: for tests of codecs with bytes that are hostile to their own format (C3). */
public final class Allocation {
    private Allocation() {}

    /** Whether this JVM tells. */
    public static boolean isMeasured() {
        return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                && threads.isThreadAllocatedMemorySupported()
                && threads.isThreadAllocatedMemoryEnabled();
    }

    /** In bytes, on this thread, of the second of two calls: the first may load classes. */
    public static long of(Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        call.run();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        call.run();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
