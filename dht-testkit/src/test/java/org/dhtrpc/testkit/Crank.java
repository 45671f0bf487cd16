package org.dhtrpc.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;

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
            } catch (SimulationException | Error e) {
                if (!String.valueOf(e.getMessage()).contains("on purpose")) {
                    throw e;
                }
            }
        }
    }
}
