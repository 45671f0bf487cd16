package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.spi.EventLoop;
import org.junit.jupiter.api.Test;

/** Hosts whose clocks are wrong. */
class DriftTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final SimulatedNetwork network = SimulatedNetwork.seeded(1).build();
    private final SimulatedHost host = network.host();
    private final List<Long> fired = new ArrayList<>();

    private EventLoop loop() {
        return host.transport().loop();
    }

    /** Notes the network's time when a timer fires, which must not be before its time by the host's clock. */
    private void timer(long deadline) {
        loop().schedule(deadline, () -> {
            assertThat(loop().nanoTime()).isGreaterThanOrEqualTo(deadline);
            fired.add(network.nanoTime());
        });
    }

    @Test
    void a_fast_clock_and_its_timers_are_ahead_from_then_on() {
        network.run(Duration.ofSeconds(10));
        host.drift(100_000);
        assertThat(loop().nanoTime()).isEqualTo(10 * SECOND);
        timer(21 * SECOND);
        network.run(Duration.ofSeconds(20));
        assertThat(loop().nanoTime()).isCloseTo(32 * SECOND, within(10L));
        assertThat(fired).singleElement().satisfies(time -> assertThat(time).isCloseTo(20 * SECOND, within(10L)));
    }

    @Test
    void a_clock_that_becomes_slow_delays_what_was_waited_for_before_and_cancelled_is_cancelled() {
        timer(10 * SECOND);
        EventLoop.Timer cancelled = loop().schedule(11 * SECOND, () -> fired.add(-1L));
        host.drift(-500_000);
        network.run(Duration.ofSeconds(15));
        cancelled.cancel();
        assertThat(fired).isEmpty();
        network.run(Duration.ofSeconds(15));
        assertThat(fired).singleElement().satisfies(time -> assertThat(time).isCloseTo(20 * SECOND, within(10L)));
        timer(loop().nanoTime() + 10 * SECOND);
        host.drift(0);
        network.run(Duration.ofSeconds(30));
        assertThat(fired).hasSize(2);
        assertThat(loop().nanoTime()).isCloseTo(45 * SECOND, within(10L));
    }

    @Test
    void it_never_goes_back_however_often_it_changes_and_a_crash_does_not_set_it() {
        java.util.Random random = new java.util.Random(5);
        long last = 0;
        for (int i = 0; i < 2_000; i++) {
            host.drift(random.nextDouble(-500_000, 500_000));
            timer(last + random.nextInt(2_000));
            network.run(Duration.ofNanos(random.nextInt(1_000)));
            assertThat(loop().nanoTime()).isGreaterThanOrEqualTo(last);
            last = loop().nanoTime();
        }
        network.run(Duration.ofSeconds(1));
        assertThat(fired).hasSize(2_000);
        long before = loop().nanoTime();
        host.crash();
        assertThat(loop().nanoTime()).isEqualTo(before).isNotEqualTo(network.nanoTime());
    }

    @Test
    void centuries_do_not_overflow_and_nonsense_is_refused() {
        host.drift(-50);
        timer(Long.MAX_VALUE);
        network.run(Duration.ofDays(10_000));
        assertThat(fired).isEmpty();
        assertThat(loop().nanoTime()).isLessThan(network.nanoTime()).isPositive();
        for (double wrong : new double[] {500_001, -1e9, Double.NaN}) {
            assertThatThrownBy(() -> host.drift(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("A clock drifts by -500000 to 500000 parts per million, not " + wrong);
        }
    }
}
