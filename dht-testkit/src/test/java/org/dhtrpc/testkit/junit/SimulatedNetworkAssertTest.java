package org.dhtrpc.testkit.junit;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import java.time.Duration;
import java.util.function.Consumer;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.Test;

class SimulatedNetworkAssertTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedNetwork network = secondOf(7);

    private static SimulatedNetwork secondOf(long seed) {
        SimulatedNetwork network = SimulatedNetwork.seeded(seed).build();
        network.start(3, Beacon::on);
        network.run(SECOND);
        return network;
    }

    private void fails(Consumer<SimulatedNetworkAssert> assertion, String what) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertion.accept(assertThat(network).as("it")))
                .withMessageStartingWith("[it] expected ")
                .withMessageContaining(what)
                .withMessageEndingWith(System.lineSeparator() + network);
    }

    @Test
    void what_holds_passes() {
        assertThat(network)
                .hasTraceHash(network.traceHash())
                .hasSameTraceAs(secondOf(7))
                .hasRun(SECOND)
                .hasRunAtMost(SECOND)
                .runsUntil(() -> network.elapsed().equals(SECOND), Duration.ZERO)
                .runsUntil(() -> true, Duration.ZERO);
    }

    @Test
    void what_does_not_hold_says_so_and_ends_with_seed_time_and_hash() {
        long hash = network.traceHash();
        fails(it -> it.hasTraceHash(0x1234), "hash 0000000000001234 but was ");
        SimulatedNetwork other = secondOf(8);
        fails(it -> it.hasSameTraceAs(other), "(" + other + ")");
        fails(it -> it.hasRun(SECOND.plusNanos(1)), "PT1.000000001S but has for PT1S");
        fails(it -> it.hasRunAtMost(SECOND.minusNanos(1)), "at most PT0.999999999S but has for PT1S");
        fails(it -> it.runsUntil(() -> false, SECOND), "within PT1S");
        assertThat(network).hasRun(SECOND.multipliedBy(2)).hasTraceHash(hash);
        SimulatedNetwork earlier = secondOf(7);
        fails(it -> it.hasSameTraceAs(earlier), "(" + earlier + ")");
    }

    @Test
    void no_network_is_a_failure() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat((SimulatedNetwork) null).hasRun(SECOND))
                .withMessageContaining("not to be null");
    }
}
