package org.dhtrpc.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/**
 * What one of many equal operations costs.
 *
 * @param nanos processor time of the process, so that other work on the machine does not count
 * @param bytes allocated by the thread
 */
record Cost(double nanos, double bytes) {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int AT_ONCE = 1_000;

    /**
     * Runs the operation, which is told how often it ran before, for so many seconds of processor time, and twice as long
     * before that: compilers take theirs of the same.
     */
    static Cost of(double seconds, IntConsumer operation) {
        run(2 * seconds, operation);
        return run(seconds, operation);
    }

    private static Cost run(double seconds, IntConsumer operation) {
        long begin = SYSTEM.getProcessCpuTime();
        long end = begin + (long) (seconds * 1e9);
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        int runs = 0;
        long now = begin;
        while (now < end) {
            for (int i = 0; i < AT_ONCE; i++) {
                operation.accept(runs++ & Integer.MAX_VALUE);
            }
            now = SYSTEM.getProcessCpuTime();
        }
        double count = Integer.toUnsignedLong(runs);
        return new Cost((now - begin) / count, (THREADS.getCurrentThreadAllocatedBytes() - allocated) / count);
    }
}
