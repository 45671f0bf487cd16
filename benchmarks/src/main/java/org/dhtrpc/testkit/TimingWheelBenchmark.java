package org.dhtrpc.testkit;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One event out of a queue and in again; with {@code -prof gc}, what garbage that makes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@NullMarked
public class TimingWheelBenchmark {
    /** How many events wait. */
    @Param({"10000", "1000000"})
    public int pending;

    private HoldModel wheel = new HoldModel(new HoldModel.Wheel(), 0);
    private HoldModel heap = new HoldModel(new HoldModel.Heap(), 0);

    /** Fills the queues anew. */
    @Setup(Level.Iteration)
    public void fill() {
        wheel = new HoldModel(new HoldModel.Wheel(), pending);
        heap = new HoldModel(new HoldModel.Heap(), pending);
    }

    /** The queue of simulations. */
    @Benchmark
    public void wheel() {
        wheel.hold();
    }

    /** The JDK's. */
    @Benchmark
    public void priorityQueue() {
        heap.hold();
    }
}
