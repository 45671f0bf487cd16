package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.spi.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done to messages at a host, whichever way they travel. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class AdversaryTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Bytes HELLO = Bytes.utf8("a value longer than a ticket");

    private final boolean byReference;
    private final SimulatedNetwork network;
    private final SimulatedHost host;
    private final List<String> happened = new ArrayList<>();

    AdversaryTest(boolean byReference) {
        this.byReference = byReference;
        network = network();
        host = network.host();
    }

    @AfterEach
    void close() {
        network.close();
    }

    private SimulatedNetwork network() {
        SimulatedNetworkBuilder builder = SimulatedNetwork.seeded(7);
        return (byReference ? builder.byReference() : builder).build();
    }

    /** Notes what it sees, and lets it go on. */
    private class Watcher implements Adversary {
        @Override
        public void begin(Foothold host) {
            happened.add("begin " + host.host().number());
        }

        @Override
        public void received(Foothold host, Endpoint from, Message message) {
            happened.add(host.host().number() + " received " + kind(message));
            Adversary.super.received(host, from, message);
        }

        @Override
        public void sending(Foothold host, Endpoint to, Message message) {
            happened.add(host.host().number() + " sends " + kind(message));
            Adversary.super.sending(host, to, message);
        }
    }

    private static String kind(Message message) {
        return message instanceof Reply ? "reply" : "request";
    }

    @Test
    void one_adversary_sees_what_many_hosts_receive_and_send_and_the_trace_stays_the_same() {
        EchoNode asker = new EchoNode(host);
        SimulatedHost other = network.host();
        EchoNode answerer = new EchoNode(other);
        assertThat(answerer).isNotNull();
        Watcher watcher = new Watcher();
        host.capture(watcher);
        other.capture(watcher);
        assertThat(host.captured() && other.captured()).isTrue();
        Reply reply = network.await(asker.ask(other.endpoint(), HELLO));
        assertThat(reply.value()).isEqualTo(HELLO);
        assertThat(happened)
                .containsExactly(
                        "begin 1",
                        "begin 2",
                        "1 sends request",
                        "2 received request",
                        "2 sends reply",
                        "1 received reply");

        try (SimulatedNetwork quiet = network()) {
            EchoNode alone = new EchoNode(quiet.host());
            SimulatedHost peer = quiet.host();
            assertThat(new EchoNode(peer)).isNotNull();
            quiet.await(alone.ask(peer.endpoint(), HELLO));
            assertThat(quiet.traceHash()).isEqualTo(network.traceHash());
        }
    }

    @Test
    void what_goes_on_unchanged_is_not_encoded_again_and_what_is_changed_is() {
        Counted counted = new Counted();
        Transport transport = host.transport();
        Codec codec = host.codec(counted);
        transport.open((from, datagram) -> happened.add("" + datagram.remaining()));
        SimulatedHost other = network.host();
        EchoNode peer = new EchoNode(other);
        assertThat(peer).isNotNull();
        host.capture(new Adversary() {});
        Message ping = ToyCodec.ping(5, HELLO);
        ByteBuffer buffer = ByteBuffer.allocate(codec.size(ping));
        codec.encode(ping, buffer);
        int once = counted.encoded;
        transport.send(other.endpoint(), buffer.flip());
        assertThat(buffer.hasRemaining()).isFalse();
        network.run(SECOND);
        assertThat(happened).hasSize(1);
        assertThat(counted.encoded).isEqualTo(once);

        host.capture(new Adversary() {
            @Override
            public void sending(Foothold host, Endpoint to, Message message) {
                host.send(to, ToyCodec.ping(6, Bytes.utf8("something else, and longer than it was")));
                host.send(to, message);
            }
        });
        happened.clear();
        codec.encode(ping, buffer.clear());
        transport.send(other.endpoint(), buffer.flip());
        network.run(SECOND);
        assertThat(happened).hasSize(2).doesNotHaveDuplicates();
    }

    private static final class Counted implements Codec {
        private final ToyCodec toy = new ToyCodec();
        int encoded;

        @Override
        public Wire wire() {
            return toy.wire();
        }

        @Override
        public int size(Message message) {
            return toy.size(message);
        }

        @Override
        public void encode(Message message, ByteBuffer buffer) {
            encoded++;
            toy.encode(message, buffer);
        }

        @Override
        public Message decode(ByteBuffer buffer) throws MalformedMessageException {
            return toy.decode(buffer);
        }
    }

    @Test
    void messages_are_kept_back_changed_and_delayed() {
        EchoNode asker = new EchoNode(host);
        SimulatedHost other = network.host();
        assertThat(new EchoNode(other)).isNotNull();
        other.capture(new Adversary() {
            @Override
            public void received(Foothold host, Endpoint from, Message message) {
                long late = host.loop().nanoTime() + SECOND.toNanos();
                host.loop().schedule(late, () -> host.deliver(from, message));
            }

            @Override
            public void sending(Foothold host, Endpoint to, Message message) {
                if (message instanceof Reply reply) {
                    host.send(to, changed(reply, Bytes.utf8("a lie")));
                }
            }
        });
        Reply reply = network.await(asker.ask(other.endpoint(), HELLO));
        assertThat(reply.value()).isEqualTo(Bytes.utf8("a lie"));
        assertThat(network.elapsed()).isGreaterThan(SECOND);
    }

    private static Reply changed(Reply reply, Bytes value) {
        return new Reply(
                reply.transaction(), reply.sender(), reply.to(), reply.contacts(), reply.token(), reply.error(), value);
    }

    @Test
    void a_host_without_a_node_answers_as_its_adversary_likes() {
        EchoNode asker = new EchoNode(host);
        SimulatedHost puppet = network.host();
        puppet.capture(
                new Adversary() {
                    @Override
                    public void received(Foothold host, Endpoint from, Message message) {
                        host.deliver(from, message);
                        host.send(from, ToyCodec.pong(message));
                    }
                },
                new ToyCodec());
        assertThat(network.await(asker.ask(puppet.endpoint(), HELLO)).value()).isEqualTo(HELLO);
        puppet.crash();
        CompletableFuture<Reply> answer = asker.ask(puppet.endpoint(), HELLO);
        network.run(Duration.ofSeconds(10));
        assertThat(answer).isCompletedExceptionally();
        puppet.capture(new Adversary() {}, new ToyCodec());
        assertThatThrownBy(() -> puppet.capture(new Adversary() {}, new ToyCodec()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is open already");
    }

    @Test
    void the_answer_to_a_forged_source_goes_there() {
        List<Endpoint> sources = new ArrayList<>();
        host.transport().open((from, datagram) -> sources.add(from));
        SimulatedHost reflector = network.host();
        assertThat(new EchoNode(reflector)).isNotNull();
        SimulatedHost attacker = network.host();
        attacker.capture(forging(reflector.endpoint()), new ToyCodec());
        network.run(SECOND);
        assertThat(sources).containsExactly(reflector.endpoint());

        SimulatedHost inside = network.host(network.nat(NatType.FULL_CONE));
        inside.capture(forging(reflector.endpoint()), new ToyCodec());
        network.run(SECOND);
        assertThat(sources).hasSize(1);
        assertThat(network.traffic().filtered()).isEqualTo(1);
    }

    private Adversary forging(Endpoint to) {
        return new Adversary() {
            @Override
            public void begin(Foothold foothold) {
                foothold.sendAs(host.endpoint(), to, ToyCodec.ping(9, HELLO));
            }
        };
    }

    @Test
    void what_is_no_message_passes_by() {
        List<Byte> read = new ArrayList<>();
        host.transport().open((from, datagram) -> read.add(datagram.get()));
        host.codec(new ToyCodec());
        SimulatedHost other = network.host();
        other.transport().open((from, datagram) -> read.add(datagram.get()));
        other.codec(new ToyCodec());
        host.capture(new Watcher());
        other.capture(new Watcher());
        ByteBuffer datagram = ByteBuffer.wrap(new byte[] {77, 1});
        other.transport().send(host.endpoint(), datagram);
        network.run(SECOND);
        assertThat(read).containsExactly((byte) 77);
        assertThat(happened).containsExactly("begin 1", "begin 2");
        assertThat(datagram.hasRemaining()).isFalse();
        assertThatThrownBy(() -> other.transport().send(host.endpoint(), ByteBuffer.allocate(1_473)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("A datagram has at most 1472 bytes, not 1473");
    }

    @Test
    void what_arrives_with_bits_flipped_passes_by() {
        network.link(Link.of(Latency.constant(SECOND)).withCorruption(1));
        EchoNode asker = new EchoNode(host);
        SimulatedHost other = network.host();
        assertThat(new EchoNode(other)).isNotNull();
        other.capture(new Watcher());
        List<String> heard = new ArrayList<>();
        network.tap(new Tap() {
            @Override
            public void delivered(SimulatedHost to, Endpoint from, Message message, int size) {
                heard.add(kind(message));
            }
        });
        CompletableFuture<Reply> answer = asker.ask(other.endpoint(), HELLO);
        network.run(Duration.ofSeconds(5));
        assertThat(happened).containsExactly("begin 2");
        assertThat(heard).isEmpty();
        assertThat(network.traffic().delivered()).isPositive();
        assertThat(answer).isNotCompleted();
    }

    @Test
    void siblings_are_in_its_hands_too_and_their_messages_leave_by_them() {
        host.transport().open((from, datagram) -> {});
        Codec codec = host.codec(new ToyCodec());
        host.capture(new Watcher());
        Transport sibling = network.await(host.transport().sibling());
        sibling.open((from, datagram) -> happened.add("to sibling"));
        Message ping = ToyCodec.ping(1, HELLO);
        ByteBuffer buffer = ByteBuffer.allocate(codec.size(ping));
        codec.encode(ping, buffer);
        SimulatedHost other = network.host();
        assertThat(new EchoNode(other)).isNotNull();
        sibling.send(other.endpoint(), buffer.flip());
        network.run(SECOND);
        assertThat(happened).containsExactly("begin 1", "1 sends request", "1 received reply", "to sibling");
    }

    @Test
    void what_an_adversary_throws_ends_the_run_even_where_the_sender_would_swallow_it() {
        EchoNode asker = new EchoNode(host);
        SimulatedHost other = network.host();
        assertThat(new EchoNode(other)).isNotNull();
        host.capture(new Adversary() {
            @Override
            public void sending(Foothold host, Endpoint to, Message message) {
                throw new IllegalStateException("boom");
            }
        });
        assertThat(asker.ask(other.endpoint(), HELLO)).isNotCompleted();
        assertThatThrownBy(() -> network.run(Duration.ofMillis(1)))
                .isInstanceOf(SimulationException.class)
                .hasMessageContaining("An event failed: java.lang.IllegalStateException: boom")
                .hasRootCauseMessage("boom");
        network.run(Duration.ofMillis(1));
        host.release();
        assertThat(host.captured()).isFalse();
        assertThat(network.await(asker.ask(other.endpoint(), HELLO)).value()).isEqualTo(HELLO);
    }

    @Test
    void it_keeps_the_machine_through_a_crash_but_not_what_it_had_scheduled() {
        assertThatThrownBy(() -> host.capture(new Watcher()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has no codec");
        List<Foothold> footholds = new ArrayList<>();
        assertThat(new EchoNode(host)).isNotNull();
        host.capture(new Watcher() {
            @Override
            public void begin(Foothold foothold) {
                footholds.add(foothold);
                foothold.loop().schedule(SECOND.toNanos(), () -> happened.add("never"));
            }
        });
        host.crash();
        Foothold foothold = footholds.get(0);
        foothold.send(host.endpoint(), ToyCodec.ping(1, HELLO));
        network.run(Duration.ofSeconds(2));
        assertThat(network.traffic().sent()).isZero();

        EchoNode next = new EchoNode(host);
        foothold.loop().execute(() -> happened.add("on the new loop"));
        SimulatedHost other = network.host();
        assertThat(new EchoNode(other)).isNotNull();
        network.await(next.ask(other.endpoint(), HELLO));
        assertThat(happened).containsExactly("on the new loop", "1 sends request", "1 received reply");
    }

    @Test
    void its_randomness_is_not_the_nodes() {
        List<Long> drawn = new ArrayList<>();
        Adversary drawing = new Adversary() {
            @Override
            public void begin(Foothold foothold) {
                drawn.add(foothold.random().nextLong());
            }
        };
        assertThat(new EchoNode(host)).isNotNull();
        host.capture(drawing);
        host.capture(drawing);
        SimulatedHost other = network.host();
        other.capture(drawing, new ToyCodec());
        drawn.add(host.random().nextLong());
        assertThat(drawn).doesNotHaveDuplicates();
        try (SimulatedNetwork again = network()) {
            again.host().capture(drawing, new ToyCodec());
            assertThat(drawn.get(4)).isEqualTo(drawn.get(0));
        }
    }
}
