package org.dhtrpc.node;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.Lincheck;

/** Threads whose steps are interleaved in one way after another; the way that breaks a rule is printed. */
final class Races {
    /** More than enough: each defect that was put in on trial showed itself within the first fifty. */
    private static final int INTERLEAVINGS = 50;

    private Races() {}

    /** Tries what a scenario does in many interleavings. It makes everything anew, and throws if a rule is broken. */
    static void explore(Runnable scenario) {
        Lincheck.runConcurrentTest(INTERLEAVINGS, scenario);
    }

    /** Runs these on a thread each, and waits for all. */
    static void together(Runnable... work) {
        List<Thread> threads = new ArrayList<>();
        for (Runnable each : work) {
            Thread thread = new Thread(each);
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
    }

    /** Plain, since what is tried is rewritten with all that it calls. */
    static void check(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError(rule);
        }
    }
}
