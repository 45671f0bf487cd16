package org.dhtrpc.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process, or several, have used since they began.
 *
 * @param cpuNanos processor time, of the system's as well
 * @param systemNanos the system's part of it, in steps of 10 ms; 0 where there is no {@code /proc}
 * @param allocatedBytes allocated by the threads that live
 * @param collectorMillis time in collections of garbage
 */
record Usage(long cpuNanos, long systemNanos, long allocatedBytes, long collectorMillis) {
    static final Usage NONE = new Usage(0, 0, 0, 0);

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Path STAT = Path.of("/proc/self/stat");

    /** Where the system's time stands in that file after the name of the program, which may have spaces. */
    private static final int SYSTEM_TICKS = 12;

    private static final long NANOS_PER_TICK = 10_000_000;

    /** Of this process. */
    static Usage now() {
        long allocated = 0;
        for (long ofThread : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            allocated += Math.max(0, ofThread);
        }
        long collecting = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collecting += Math.max(0, collector.getCollectionTime());
        }
        return new Usage(SYSTEM.getProcessCpuTime(), systemNow(), allocated, collecting);
    }

    private static long systemNow() {
        if (!Files.isReadable(STAT)) {
            return 0;
        }
        try {
            String stat = Files.readString(STAT);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[SYSTEM_TICKS]) * NANOS_PER_TICK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what {@link #toLine} writes. */
    static Usage parse(String line) {
        String[] fields = line.split(" ", -1);
        return new Usage(
                Long.parseLong(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]));
    }

    String toLine() {
        return cpuNanos + " " + systemNanos + " " + allocatedBytes + " " + collectorMillis;
    }

    Usage plus(Usage other) {
        return new Usage(
                cpuNanos + other.cpuNanos,
                systemNanos + other.systemNanos,
                allocatedBytes + other.allocatedBytes,
                collectorMillis + other.collectorMillis);
    }

    Usage minus(Usage earlier) {
        return new Usage(
                cpuNanos - earlier.cpuNanos,
                systemNanos - earlier.systemNanos,
                allocatedBytes - earlier.allocatedBytes,
                collectorMillis - earlier.collectorMillis);
    }
}
