package org.dhtrpc.benchmarks;

import java.util.Arrays;
import org.dhtrpc.testkit.QueueComparison;

/** The jar's entry: the first argument chooses what is measured, the others are for that. */
final class Benchmarks {
    private static final String USAGE = """
            java -jar benchmarks.jar sim [--json]      the event queue of simulations, beside java.util.PriorityQueue
            java -jar benchmarks.jar jmh [OPTION...]   the benchmarks of JMH; -h lists its options, -prof gc counts garbage
            """;

    private Benchmarks() {}

    /** Ends with 0, or with 2 if the arguments make no sense. */
    public static void main(String[] args) throws Exception {
        String chosen = args.length == 0 ? "" : args[0];
        String[] rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
        switch (chosen) {
            case "sim" -> QueueComparison.main(rest);
            case "jmh" -> org.openjdk.jmh.Main.main(rest);
            default -> {
                System.err.print(USAGE);
                System.exit(2);
            }
        }
    }
}
