package org.dhtrpc.testkit.junit;

import org.dhtrpc.testkit.Figures;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;

/** Where assertions on simulations begin, for a static import beside that of AssertJ's own. */
public final class SimulationAssertions {
    private SimulationAssertions() {}

    /** Assertions on a network. */
    public static SimulatedNetworkAssert assertThat(@Nullable SimulatedNetwork actual) {
        return new SimulatedNetworkAssert(actual);
    }

    /** Assertions on what a survey has measured. */
    public static FiguresAssert assertThat(@Nullable Figures actual) {
        return new FiguresAssert(actual);
    }
}
