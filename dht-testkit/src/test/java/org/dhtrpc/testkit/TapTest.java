package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.EventLoop;
import org.junit.jupiter.api.Test;

/** Those who listen to a network, and the loop of nobody. */
class TapTest {
    private final SimulatedNetwork network = SimulatedNetwork.seeded(3).build();
    private final SimulatedHost host = network.host();
    private final SimulatedHost other = network.host();
    private final EchoNode asker = new EchoNode(host);
    private final EchoNode answerer = new EchoNode(other);
    private final List<String> heard = new ArrayList<>();

    /** Writes down what it hears. */
    private final class Writing implements Tap {
        @Override
        public void sent(SimulatedHost from, Endpoint to, Message message, int size) {
            heard.add(from.number() + " to " + to + " " + size);
        }

        @Override
        public void delivered(SimulatedHost to, Endpoint from, Message message, int size) {
            heard.add(to.number() + " from " + from + " " + size);
        }
    }

    @Test
    void every_message_is_told_when_it_is_sent_and_when_it_has_come() {
        network.tap(new Writing());
        network.tap(new Tap() {});
        network.await(asker.ask(other.endpoint(), Bytes.utf8("hello")));
        int size = new ToyCodec().size(ToyCodec.ping(0, Bytes.utf8("hello")));
        assertThat(heard)
                .containsExactly(
                        "1 to 10.0.0.2:3282 " + size,
                        "2 from 10.0.0.1:3282 " + size,
                        "2 to 10.0.0.1:3282 " + size,
                        "1 from 10.0.0.2:3282 " + size);
        heard.clear();
        network.link(Link.of(Latency.constant(Duration.ofSeconds(1))).withLoss(1));
        assertThat(answerer.ask(host.endpoint(), Bytes.EMPTY)).isNotCompleted();
        network.run(Duration.ofMillis(1));
        assertThat(heard).singleElement().asString().startsWith("2 to 10.0.0.1:3282");
    }

    @Test
    void what_a_tap_throws_ends_the_run() {
        network.tap(new Tap() {
            @Override
            public void sent(SimulatedHost from, Endpoint to, Message message, int size) {
                throw new AssertionError("enough");
            }
        });
        assertThat(asker.ask(other.endpoint(), Bytes.EMPTY)).isNotCompleted();
        assertThatThrownBy(() -> network.run(Duration.ofSeconds(1)))
                .isInstanceOf(SimulationException.class)
                .hasRootCauseMessage("enough");
    }

    @Test
    void the_loop_of_nobody_goes_on_whatever_becomes_of_hosts() {
        EventLoop loop = network.loop();
        loop.schedule(Duration.ofSeconds(5).toNanos(), () -> heard.add("at " + network.elapsed()));
        host.pause();
        other.crash();
        network.run(Duration.ofSeconds(10));
        assertThat(heard).containsExactly("at PT5S");
    }
}
