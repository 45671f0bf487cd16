package org.dhtrpc.examples;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.dhtrpc.Dht;
import org.dhtrpc.testkit.Figures;
import org.dhtrpc.testkit.SimulatedNetwork;

/**
 * What a simulation has measured.
 *
 * @param joined how many nodes say that they have joined
 * @param figures how the lookups went
 * @param events events of the simulation
 * @param cpuSeconds processor time of the whole process, its start included
 * @param heapBytesPerNode what lives on the heap after a collection, divided by the nodes
 * @param traceHash over every datagram sent
 */
record SimulateReport(
        int joined, Figures figures, long events, double cpuSeconds, long heapBytesPerNode, long traceHash) {
    static SimulateReport of(SimulatedNetwork network, Figures figures, List<Dht> nodes) {
        int joined = (int) nodes.stream()
                .filter(node -> node.ready().isDone() && !node.ready().isCompletedExceptionally())
                .count();
        double cpu = processorTime();
        return new SimulateReport(joined, figures, network.events(), cpu, heap() / nodes.size(), network.traceHash());
    }

    /** Seconds, of the whole process so far. */
    static double processorTime() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    String toJson() {
        return format(
                "{\"nodes\":%d,\"joined\":%d,\"lookups\":%d,\"success\":%.4f,\"recallAt20\":%.4f,\"hopsP50\":%d,"
                        + "\"hopsP99\":%d,\"requestsPerLookup\":%.2f,\"latencyMsP50\":%.1f,\"latencyMsP99\":%.1f,"
                        + "\"events\":%d,\"cpuSeconds\":%.1f,\"heapBytesPerNode\":%d,\"traceHash\":\"%s\"}",
                figures.nodes(),
                joined,
                figures.lookups(),
                figures.success(),
                figures.recall(),
                figures.hops().p50(),
                figures.hops().p99(),
                figures.requests(),
                millis(figures.latency().p50()),
                millis(figures.latency().p99()),
                events,
                cpuSeconds,
                heapBytesPerNode,
                HexFormat.of().toHexDigits(traceHash));
    }

    String toText() {
        return format(
                """
                %,d of %,d nodes joined
                %,d lookups: %.2f %% found the nearest node, and of the 20 nearest %.2f %% in the mean
                hops: half took %d at most, 99 %% %d; requests: %.1f a lookup, and %.2f sent again
                virtual time of a lookup: half took %.0f ms at most, 99 %% %.0f ms
                %,d events, %.1f s of CPU, %,d bytes of heap per node
                %s
                %s""",
                joined,
                figures.nodes(),
                figures.lookups(),
                100 * figures.success(),
                100 * figures.recall(),
                figures.hops().p50(),
                figures.hops().p99(),
                figures.requests(),
                figures.repeats(),
                millis(figures.latency().p50()),
                millis(figures.latency().p99()),
                events,
                cpuSeconds,
                heapBytesPerNode,
                figures.traffic(),
                figures.run());
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }

    private static String format(String format, Object... numbers) {
        // The root locale, because a decimal comma is no JSON.
        return String.format(Locale.ROOT, format, numbers);
    }
}
