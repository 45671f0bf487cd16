package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One run whose trace hash is written down: it must come out on every JDK and operating system, since a simulation is
 * worth little if the run that failed elsewhere cannot be repeated here.
 */
@Tag("golden")
class GoldenTraceTest {
    /**
     * Changes with whatever changes what is sent, to whom or when: then, and only then, write the new one here, in the
     * same commit. If nothing of that kind was meant to change, or if JDKs disagree, it is a defect that was caught.
     */
    private static final long GOLDEN = 0x54310f2c49a963a2L;

    @Test
    void fifty_nodes_that_join_store_and_find_under_loss_leave_the_trace_that_is_written_down() {
        assertGolden(SimulatedNetwork.seeded(2026).loss(0.05).build());
    }

    @Test
    void by_reference_the_trace_is_the_same() {
        assertGolden(SimulatedNetwork.seeded(2026).loss(0.05).byReference().build());
    }

    private static void assertGolden(SimulatedNetwork network) {
        try (SimulatedStore store = SimulatedStore.joined(network, 50)) {
            Dht writer = store.client();
            Dht reader = store.client();
            for (int i = 0; i < 10; i++) {
                store.store(writer, Bytes.utf8("value " + i));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(store.finds(reader, Bytes.utf8("value " + i)))
                        .as("%s", network)
                        .isTrue();
            }
            assertThat(network.traceHash())
                    .as(
                            "The trace has changed. Was what is sent, to whom or when meant to change? Then write"
                                    + " 0x%016xL into GoldenTraceTest.GOLDEN. If not, this run differs from what it was: %s",
                            network.traceHash(), network)
                    .isEqualTo(GOLDEN);
        }
    }
}
