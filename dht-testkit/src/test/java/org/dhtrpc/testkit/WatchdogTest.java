package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.dhtrpc.spi.EventLoop;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A network in which something happens every millisecond, for ever. */
    private static SimulatedNetwork restless(SimulatedNetworkBuilder builder) {
        SimulatedNetwork network = builder.build();
        EventLoop loop = network.host().transport().loop();
        loop.execute(new Runnable() {
            @Override
            public void run() {
                loop.schedule(loop.nanoTime() + 1_000_000, this);
            }
        });
        return network;
    }

    @Test
    void the_events_of_all_runs_are_counted_together() {
        SimulatedNetwork network = restless(SimulatedNetwork.seeded(5).maxEvents(1_500));
        network.run(SECOND);
        assertThat(network.events()).isEqualTo(1_001);
        assertThatThrownBy(() -> network.run(SECOND))
                .isInstanceOf(SimulationException.class)
                .hasMessage("Too long: more than 1500 events [%s]", network)
                .hasMessageContaining("seed 5, virtual time PT1.499S, trace ");
        assertThat(network.events()).isEqualTo(1_500);
    }

    @Test
    void an_event_beyond_the_limit_of_virtual_time_does_not_run() {
        SimulatedNetwork network = restless(SimulatedNetwork.seeded(5).maxVirtualTime(Duration.ofMillis(1_200)));
        network.run(SECOND);
        assertThatThrownBy(() -> network.run(SECOND))
                .isInstanceOf(SimulationException.class)
                .hasMessage("Too late: the next event is due beyond the limit of PT1.2S [%s]", network)
                .hasMessageContaining("seed 5, virtual time PT1.2S, trace ");
        assertThat(network.events()).isEqualTo(1_201);
    }

    @Test
    void a_limit_that_allows_nothing_is_refused() {
        SimulatedNetworkBuilder builder = SimulatedNetwork.seeded(5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxEvents(0))
                .withMessage("A limit of events is 1 or more, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxVirtualTime(Duration.ZERO))
                .withMessageEndingWith("292 years, not PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        builder.maxVirtualTime(Duration.ofNanos(Long.MAX_VALUE).plusNanos(1)))
                .withMessageContaining("292 years");
        builder.maxEvents(1).maxVirtualTime(Duration.ofNanos(1)).build();
    }

    @Test
    void the_last_events_are_what_was_sent() {
        SimulatedNetwork network = restless(SimulatedNetwork.seeded(5));
        assertThat(network.lastEvents(3)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.lastEvents(-1))
                .withMessage("A number of events is 0 or more, not -1");
    }
}
