package org.dhtrpc.benchmarks;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * A time in which a number of calls is kept in flight. The lock is one that nobody contends for: a hundredth of the
 * cheapest call.
 */
final class Phase {
    private static final double NANOS = 1e9;

    private final double seconds;
    private final int window;
    private final long begin = System.nanoTime();
    private final Histogram times = new Histogram(3);

    private int inFlight;
    private long failures;
    private long end = begin;

    Phase(double seconds, int window) {
        this.seconds = seconds;
        this.window = window;
        this.inFlight = window;
    }

    /** How many calls are in flight. */
    int window() {
        return window;
    }

    /** Notes that a call has ended, well or not; whether another is to begin in its place. */
    synchronized boolean ended(long started, boolean well) {
        end = System.nanoTime();
        if (well) {
            times.recordValue(end - started);
        } else {
            failures++;
        }
        boolean over = (end - begin) / NANOS >= seconds;
        if (over && --inFlight == 0) {
            notifyAll();
        }
        return !over;
    }

    /** Waits for the end. Calls that have not ended seconds later never will. */
    synchronized void await() throws InterruptedException {
        long patience = begin + (long) ((seconds + 10) * NANOS);
        while (inFlight > 0 && patience - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, patience - System.nanoTime());
        }
        failures += inFlight;
    }

    /** Calls that ended well. */
    synchronized long calls() {
        return times.getTotalCount();
    }

    /** The latencies in microseconds, the rate, and what was missing. */
    synchronized Json json() {
        double past = (end - begin) / NANOS;
        return new Json()
                .put("rps", calls() / past, 0)
                .put("p50_us", times.getValueAtPercentile(50) / 1e3, 1)
                .put("p90_us", times.getValueAtPercentile(90) / 1e3, 1)
                .put("p99_us", times.getValueAtPercentile(99) / 1e3, 1)
                .put("n", calls())
                .put("errors", failures)
                .put("secs", past, 2);
    }
}
