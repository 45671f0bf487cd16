package org.dhtrpc.benchmarks;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.routing.ContactTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The 20 nearest of 10,000 contacts that were offered; {@code -prof gc} says what that allocates. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TableBenchmark {
    private static final int OFFERED = 10_000;
    private static final int TARGETS = 4_096;

    private ContactTable table = new LinearScan();
    private ContactTable scan = new LinearScan();
    private List<Key> targets = List.of();
    private int next;

    /** The routing table, and all that it holds once more. */
    @Setup
    public void fill() {
        Random random = new Random(11);
        table = ContactTable.ofNode(Key.random(random));
        for (int i = 0; i < OFFERED; i++) {
            table.add(new Contact(Key.random(random), Endpoint.of(new byte[] {10, 1, 2, 3}, 1 + i)));
        }
        scan = new LinearScan();
        table.held().forEach(scan::add);
        targets = Stream.generate(() -> Key.random(random)).limit(TARGETS).toList();
    }

    private Key target() {
        return targets.get(next++ & TARGETS - 1);
    }

    /** Ours. */
    @Benchmark
    public List<Contact> closest() {
        return table.closest(target());
    }

    /** A scan of what ours holds. */
    @Benchmark
    public List<Contact> scanOfHeld() {
        return scan.closest(target());
    }
}
