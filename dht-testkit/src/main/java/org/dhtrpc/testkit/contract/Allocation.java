package org.dhtrpc.testkit.contract;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a call allocates, on JVMs that tell. */
final class Allocation {
    private Allocation() {}

    static boolean isMeasured() {
        return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                && threads.isThreadAllocatedMemorySupported()
                && threads.isThreadAllocatedMemoryEnabled();
    }

    /** In bytes, of the second call: the first may load classes. */
    static long of(Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        call.run();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        call.run();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
