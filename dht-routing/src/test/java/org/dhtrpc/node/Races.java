package org.dhtrpc.node;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;

/** Threads whose steps are interleaved in one way after another; the way that breaks a rule is printed. */
final class Races {
    /** Enough where a few steps meet. */
    private static final int INTERLEAVINGS = 40;

    private Races() {}

    /** Tries what a scenario does in many interleavings. It makes everything anew, and throws if a rule is broken. */
    static void explore(Runnable scenario) {
        explore(INTERLEAVINGS, scenario);
    }

    /** The same in so many: for a scenario of many steps of which few meet. */
    static void explore(int interleavings, Runnable scenario) {
        Lincheck.runConcurrentTest(interleavings, scenario);
    }

    /** Runs these on a thread each, waits for all, and throws what one of them threw. */
    static void together(Runnable... work) {
        List<Thread> threads = new ArrayList<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        for (Runnable each : work) {
            Thread thread = new Thread(() -> {
                try {
                    each.run();
                } catch (Throwable e) {
                    thrown.set(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        Throwable failure = thrown.get();
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    /** Plain, since what is tried is rewritten with all that it calls. */
    static void check(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError(rule);
        }
    }
}
