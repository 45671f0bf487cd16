package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.spi.Codec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HoldTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(12)
            .link(Link.of(Latency.constant(Duration.ofMillis(100))))
            .build();
    private final SimulatedHost here = network.host();
    private final SimulatedHost there = network.host();
    private final List<String> received = new ArrayList<>();

    @BeforeEach
    void open() {
        there.transport().open((from, datagram) -> received.add((char) datagram.get() + " at " + network.elapsed()));
    }

    private void send(String letters) {
        for (int i = 0; i < letters.length(); i++) {
            ByteBuffer datagram = ByteBuffer.allocate(1).put(0, (byte) letters.charAt(i));
            here.transport().send(there.endpoint(), datagram);
        }
        network.run(Duration.ofMillis(100));
    }

    @Test
    void what_is_held_arrives_when_it_is_released_in_the_order_of_the_test() {
        Hold hold = network.faults().hold(datagram -> true);
        send("abc");
        assertThat(received).isEmpty();
        List<Held> held = new ArrayList<>(hold.held());
        assertThat(held).hasSize(3);
        held.get(1).release();
        held.get(1).release();
        held.get(1).drop();
        network.run(SECOND);
        assertThat(received).containsExactly("b at PT0.1S");
        send("d");
        Collections.reverse(held);
        hold.release(held);
        network.run(SECOND);
        assertThat(received).containsExactly("b at PT0.1S", "c at PT1.2S", "a at PT1.2S");
        hold.release();
        network.run(SECOND);
        assertThat(received).last().isEqualTo("d at PT2.2S");
        assertThat(hold.held()).isEmpty();
        assertThat(network.traffic().held()).isEqualTo(4);
        assertThat(network.traffic().delivered()).isEqualTo(4);
    }

    @Test
    void what_is_dropped_never_arrives_and_a_healed_hold_catches_no_more() {
        Hold hold = network.faults().hold(datagram -> true);
        send("ab");
        hold.held().get(0).drop();
        send("c");
        hold.drop();
        send("d");
        hold.heal();
        send("e");
        assertThat(received).containsExactly("d at PT0.3S", "e at PT0.4S");
        assertThat(network.traffic().lost()).isEqualTo(3);
        network.faults().hold(datagram -> true);
        send("f");
        network.faults().heal();
        network.run(SECOND);
        assertThat(received).last().isEqualTo("f at PT0.5S");
    }

    @Test
    void the_first_hold_that_wants_a_datagram_has_it() {
        Hold large = network.faults().hold(datagram -> datagram.size() > 1);
        Hold all = network.faults().hold(datagram -> datagram.to().equals(there.endpoint()));
        send("a");
        here.transport().send(there.endpoint(), ByteBuffer.allocate(2));
        here.transport().send(Endpoint.parse("10.0.0.9:1"), ByteBuffer.allocate(1));
        network.run(SECOND);
        assertThat(large.held()).extracting(Held::size).containsExactly(2);
        assertThat(all.held()).extracting(Held::size).containsExactly(1);
        large.release();
        network.run(SECOND);
        assertThat(all.held()).as("does not catch what another released").hasSize(1);
        assertThat(network.traffic().unreachable()).isEqualTo(1);
    }

    @Test
    void a_partition_stops_what_is_released_across_it() {
        Hold hold = network.faults().hold(datagram -> true);
        send("a");
        network.faults().isolate(there);
        hold.release();
        network.run(SECOND);
        assertThat(received).isEmpty();
        assertThat(network.traffic().cut()).isEqualTo(1);
    }

    @Test
    void messages_can_be_told_apart_however_they_travel() {
        for (SimulatedNetworkBuilder builder :
                List.of(SimulatedNetwork.seeded(1), SimulatedNetwork.seeded(1).byReference())) {
            SimulatedNetwork network = builder.build();
            SimulatedHost asking = network.host();
            EchoNode node = new EchoNode(asking);
            SimulatedHost answering = network.host();
            assertThat(new EchoNode(answering)).isNotNull();
            Hold hold = network.faults().hold(datagram -> datagram.message() instanceof Reply);
            var answer = node.ask(answering.endpoint(), Bytes.utf8("x"));
            network.run(Duration.ofMillis(200));
            assertThat(answer).isNotDone();
            assertThat(hold.held()).hasSize(1);
            Held held = hold.held().get(0);
            assertThat(held.from()).isEqualTo(answering.endpoint());
            assertThat(held.to()).isEqualTo(asking.endpoint());
            assertThat(held.kind()).isEqualTo("reply");
            assertThat(held).hasToString("reply from 10.0.0.2:3282 to 10.0.0.1:3282, 12 bytes");
            // More messages than are kept by reference pass meanwhile.
            Codec codec = answering.codec(new ToyCodec());
            Message other = ToyCodec.ping(1, Bytes.EMPTY);
            for (int i = 0; i <= Tickets.KEPT; i++) {
                codec.encode(other, ByteBuffer.allocate(100));
            }
            hold.heal();
            assertThat(network.await(answer).value()).isEqualTo(Bytes.utf8("x"));
        }
    }

    @Test
    void what_no_codec_made_or_bits_of_which_are_flipped_is_unknown() {
        network.link(Link.of(Latency.wan()).withCorruption(1));
        Hold hold = network.faults().hold(datagram -> true);
        ByteBuffer buffer = ByteBuffer.allocate(100);
        here.codec(new ToyCodec()).encode(ToyCodec.ping(1, Bytes.EMPTY), buffer);
        here.transport().send(there.endpoint(), buffer.flip());
        network.link(Link.of(Latency.constant(Duration.ofMillis(100))));
        send("a");
        network.run(SECOND);
        assertThat(hold.held()).extracting(Held::kind).containsExactly("unknown", "unknown");
        assertThat(network.traffic().kinds()).containsKeys("request ping", "unknown");
    }
}
