package org.dhtrpc.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process holds.
 *
 * @param heap bytes of the heap that are in use
 * @param resident bytes of all memory that the system has given it; 0 where there is no {@code /proc}
 * @param threads that live
 */
record Memory(long heap, long resident, int threads) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int COLLECTIONS = 4;

    /**
     * After four collections, of which the one counts that left the least: the serial collector moves what lies behind a
     * few dead objects in every fourth only, and those are megabytes.
     */
    static Memory settled() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return new Memory(
                least, residentNow(), ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static long residentNow() {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** KiB of heap for each of so many, more than before. */
    double heapEach(Memory before, int count) {
        return (heap - before.heap) / 1024.0 / count;
    }

    /** KiB of resident memory for each of so many, more than before. */
    double residentEach(Memory before, int count) {
        return (resident - before.resident) / 1024.0 / count;
    }
}
