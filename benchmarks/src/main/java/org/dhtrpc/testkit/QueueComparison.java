package org.dhtrpc.testkit;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * The queue of simulations beside {@link java.util.PriorityQueue}: the same operations on both, in turn, several times.
 * Time is that of the thread on its processor, and the best of each counts, so that other work on the machine weighs little.
 */
@NullMarked
public final class QueueComparison {
    private static final int[] PENDING = {10_000, 100_000, 1_000_000};
    private static final int REPETITIONS = 3;
    private static final int OPERATIONS = 1_000_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private QueueComparison() {}

    private record Timing(double perSecond, long order) {}

    private record Row(int pending, double wheel, double heap) {
        double ratio() {
            return wheel / heap;
        }

        String json() {
            return String.format(
                    Locale.ROOT,
                    "{\"pending\":%d,\"wheelPerSecond\":%.0f,\"priorityQueuePerSecond\":%.0f,\"ratio\":%.1f}",
                    pending,
                    wheel,
                    heap,
                    ratio());
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%,9d  %,11.0f/s  %,11.0f/s  %5.1f", pending, wheel, heap, ratio());
        }
    }

    /**
     * Prints a table, or with {@code --json} one line of JSON.
     *
     * @throws IllegalStateException if the two queues return the events in different orders
     */
    public static void main(String[] args) {
        boolean json = List.of(args).contains("--json");
        List<Row> rows = new ArrayList<>();
        for (int pending : PENDING) {
            rows.add(compare(pending));
        }
        System.out.println(json ? json(rows) : table(rows));
    }

    private static String json(List<Row> rows) {
        String results = rows.stream().map(Row::json).collect(Collectors.joining(","));
        return "{\"benchmark\":\"sim\",\"repetitions\":" + REPETITIONS + ",\"operations\":" + OPERATIONS
                + ",\"results\":[" + results + "]}";
    }

    private static String table(List<Row> rows) {
        return rows.stream()
                .map(Row::toString)
                .collect(Collectors.joining("\n", "  pending         wheel  PriorityQueue  ratio\n", ""));
    }

    private static Row compare(int pending) {
        double wheel = 0;
        double heap = 0;
        for (int i = 0; i < REPETITIONS; i++) {
            Timing ofWheel = measure(new HoldModel(new HoldModel.Wheel(), pending));
            Timing ofHeap = measure(new HoldModel(new HoldModel.Heap(), pending));
            if (ofWheel.order != ofHeap.order) {
                throw new IllegalStateException("The queues differ in the order of " + pending + " events");
            }
            wheel = Math.max(wheel, ofWheel.perSecond);
            heap = Math.max(heap, ofHeap.perSecond);
        }
        return new Row(pending, wheel, heap);
    }

    private static Timing measure(HoldModel model) {
        hold(model, OPERATIONS / 4);
        long begin = THREADS.getCurrentThreadCpuTime();
        hold(model, OPERATIONS);
        long nanos = THREADS.getCurrentThreadCpuTime() - begin;
        return new Timing(OPERATIONS * 1e9 / nanos, model.order());
    }

    private static void hold(HoldModel model, int operations) {
        for (int i = 0; i < operations; i++) {
            model.hold();
        }
    }
}
