package org.dhtrpc.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** How a contract's tests wait in a simulation. */
public final class Crank {
    private Crank() {}

    /**
     * Turns the crank until the condition holds, or nothing more is to be expected. What a test throws on purpose ends a run
     * where a real loop would log it; the next run goes on behind it.
     */
    public static void turn(SimulatedNetwork network, BooleanSupplier condition) {
        while (true) {
            try {
                network.runUntil(condition, Duration.ofSeconds(10));
                return;
            } catch (SimulationException e) {
                if (!onPurpose(e.getCause())) {
                    throw e;
                }
            }
        }
    }

    /** By its kind: what a contract throws may have no words. */
    private static boolean onPurpose(@Nullable Throwable cause) {
        return cause != null && cause.getClass().getName().startsWith("org.dhtrpc.testkit.contract.");
    }
}
