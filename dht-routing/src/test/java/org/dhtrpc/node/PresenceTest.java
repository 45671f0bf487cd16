package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.dhtrpc.node.NodeBench.PEER;
import static org.dhtrpc.node.NodeBench.PEER_ID;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Forward;
import org.dhtrpc.Key;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.IdPolicy;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who a node says that it is, while it finds that out; and what its builder is told of it. */
@SuppressWarnings("DirectInvocationOnMock")
class PresenceTest {
    private static final Endpoint PUBLIC = Endpoint.parse("203.0.113.7:1");

    /** Ids follow from addresses; every id is believed, as others' are not the point here. */
    private record Bound() implements IdPolicy {
        static Key idOf(Endpoint address) {
            return Key.hashOf(Bytes.utf8("at " + address));
        }

        @Override
        public Key create(RandomGenerator random, @Nullable Endpoint own) {
            return own == null ? Key.random(random) : idOf(own);
        }

        @Override
        public boolean accept(Key id, Endpoint endpoint) {
            return true;
        }

        @Override
        public boolean bindsAddress() {
            return true;
        }
    }

    private static NodeBuilder bound(NodeBuilder builder) {
        return builder.idPolicy(new Bound()).ephemeral(false).bootstrap(PEER);
    }

    /** The peer answers all that it is asked by way of the main socket, until nothing is asked any more. */
    private static void answerAll(NodeBench bench) {
        for (List<Message> asked = bench.sent(); !asked.isEmpty(); asked = bench.sent()) {
            asked.forEach(message -> bench.receive(reply((Request) message, PUBLIC)));
        }
    }

    private static Reply reply(Request request, Endpoint to) {
        return new Reply(request.transaction(), PEER_ID, to, List.of(), NodeBench.TOKEN, ErrorCode.NONE, null);
    }

    @Test
    void other_threads_see_who_it_is_once_it_knows() {
        NodeBench bench = new NodeBench(builder -> bound(builder).firewalled(false));
        List<String> told = new ArrayList<>();
        bench.node.onEvent(event -> {
            if (event instanceof DhtEvent.BecamePersistent) {
                told.add(bench.node.id() + " " + bench.node.ephemeral() + " " + bench.node.publicAddress());
            }
        });
        bench.loop.turn();
        Key first = bench.node.id();
        assertThat(bench.node.ephemeral()).isTrue();
        assertThat(bench.node.publicAddress()).isNull();
        CompletableFuture<@Nullable Void> ready = bench.node.ready();
        bench.loop.turn();
        assertThat(ready).isNotDone();

        answerAll(bench);

        Key id = Bound.idOf(PUBLIC);
        assertThat(bench.node.id()).isEqualTo(id).isNotEqualTo(first);
        assertThat(bench.node.ephemeral()).isFalse();
        assertThat(bench.node.publicAddress()).isEqualTo(PUBLIC);
        assertThat(told).containsExactly(id + " false " + PUBLIC);
        assertThat(ready).isCompleted();
        assertThat(bench.node).hasToString("DhtNode " + id.toString().substring(0, 8) + "… at " + NodeBench.OURS);
    }

    @Test
    void without_a_second_socket_it_joins_and_stays_ephemeral() {
        NodeBench bench = new NodeBench(PresenceTest::bound);
        CompletableFuture<@Nullable Void> ready = bench.node.ready();
        bench.loop.turn();
        answerAll(bench);
        assertThat(ready).isCompleted();
        assertThat(bench.node.ephemeral()).isTrue();
        assertThat(bench.node.publicAddress()).isEqualTo(PUBLIC);
    }

    @Test
    void with_one_it_asks_from_there_and_is_persistent_once_it_was_answered_at_the_main_one() {
        Transport second = mock(Transport.class);
        List<Transport.Receiver> receiver = new ArrayList<>();
        List<Message> asked = new ArrayList<>();
        doAnswer(call -> receiver.add(call.getArgument(0))).when(second).open(any());
        doAnswer(call -> asked.add(new MsgpackCodec()
                        .decode(call.<ByteBuffer>getArgument(1).duplicate())))
                .when(second)
                .send(any(), any());
        NodeBench bench = new NodeBench(CompletableFuture.completedFuture(second), PresenceTest::bound);
        while (!asked.isEmpty()) {
            List<Message> all = List.copyOf(asked);
            asked.clear();
            for (Message message : all) {
                Request request = (Request) message;
                assertThat(request.sender()).isNull();
                if (request.command().equals(Command.PING_NAT)) {
                    bench.receive(reply(request, PUBLIC));
                } else {
                    ByteBuffer datagram = bench.encode(reply(request, Endpoint.of(PUBLIC.address(), 77)));
                    bench.loop.run(() -> receiver.get(0).receive(PEER, datagram));
                }
            }
        }
        answerAll(bench);
        assertThat(bench.node.ephemeral()).isFalse();
        assertThat(bench.node.id()).isEqualTo(Bound.idOf(PUBLIC));
        assertThat(bench.node.publicAddress()).isEqualTo(PUBLIC);
        bench.close();
        verify(second).close();
    }

    @Test
    void a_node_that_is_closed_while_its_second_socket_is_made_closes_that_too() {
        CompletableFuture<Transport> made = new CompletableFuture<>();
        NodeBench bench = new NodeBench(made, PresenceTest::bound);
        assertThat(bench.sent()).as("it waits for it").isEmpty();
        bench.close();
        Transport second = mock(Transport.class);
        made.complete(second);
        bench.loop.turn();
        verify(second).close();
        verify(second, never()).open(any());
        assertThat(bench.sent()).isEmpty();
    }

    @Test
    void a_bootstrap_node_needs_a_host_and_a_port() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DhtNode.bootstrapper("", 1))
                .withMessageStartingWith("Host is required");
        for (int port : new int[] {0, -1, 65_536}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DhtNode.bootstrapper("203.0.113.7", port))
                    .withMessageStartingWith("Port is required")
                    .withMessageContaining("" + port);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DhtNode.bootstrapper("boot.example", 1))
                .withMessageContaining("boot.example");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DhtNode.bootstrapper("0.0.0.0", 1))
                .withMessageContaining("0.0.0.0:1");
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without a checker can do
    void also_one_that_is_named_by_nothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DhtNode.bootstrapper(null, 1))
                .withMessageStartingWith("Host is required");
    }

    @Test
    void it_is_persistent_at_its_address_from_the_start() {
        for (String host : List.of("203.0.113.7", "2001:db8::7")) {
            Endpoint address = Endpoint.parse(host.contains(":") ? "[" + host + "]:10001" : host + ":10001");
            NodeBench bench = new NodeBench();
            Dht node = bench.parts(DhtNode.bootstrapper(host, 10_001))
                    .idPolicy(new Bound())
                    .build();
            assertThat(node.ephemeral()).isFalse();
            assertThat(node.publicAddress()).isEqualTo(address);
            assertThat(node.id()).isEqualTo(Bound.idOf(address));
            CompletableFuture<@Nullable Void> ready = node.ready();
            bench.loop.turn();
            assertThat(ready).isCompleted();
        }
    }

    @Test
    void where_ids_follow_from_addresses_none_can_be_chosen() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeBench(builder -> bound(builder).id(NodeBench.TARGET)))
                .withMessageContaining("the id follows from the address")
                .withMessageContaining(NodeBench.TARGET.toString());
    }

    @Test
    void a_public_address_is_one_that_others_can_send_to() {
        for (String address : List.of("0.0.0.0:1", "203.0.113.7:0")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DhtNode.builder().publicAddress(Endpoint.parse(address)))
                    .withMessageContaining(address);
        }
    }

    @Test
    void a_question_goes_on_and_a_handler_that_cannot_say_where_to_is_an_error() {
        Endpoint third = Endpoint.parse("10.0.0.3:3");
        NodeBench bench = new NodeBench();
        bench.node.onForward("on", query -> Forward.relay(third, Bytes.utf8("passed on")));
        bench.node.onForward("back", query -> Forward.answer(third, query.value()));
        bench.node.onForward("broken", query -> {
            throw new IllegalStateException("handler");
        });
        bench.receiveRequest(1, "on", Bytes.EMPTY);
        assertThat(bench.sent()).singleElement().isInstanceOfSatisfying(Request.class, relayed -> {
            assertThat(relayed.to()).isEqualTo(third);
            assertThat(relayed.value()).isEqualTo(Bytes.utf8("passed on"));
            assertThat(relayed.transaction()).isEqualTo(1);
        });
        bench.receiveRequest(2, "back", Bytes.EMPTY);
        assertThat(bench.sent()).singleElement().extracting("to", "value").containsExactly(third, Bytes.EMPTY);
        bench.receiveRequest(3, "broken", Bytes.EMPTY);
        assertThat(bench.sent())
                .singleElement()
                .extracting("to", "error")
                .containsExactly(PEER, ErrorCode.HANDLER_FAILED);
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without a checker can do
    void so_is_one_that_says_nothing() {
        NodeBench bench = new NodeBench();
        bench.node.onForward("nowhere", query -> null);
        bench.receiveRequest(1, "nowhere", Bytes.EMPTY);
        assertThat(bench.sent()).singleElement().extracting("error").isEqualTo(ErrorCode.HANDLER_FAILED);
    }

    @Test
    void a_ping_is_put_off_by_ten_seconds_at_most() {
        NodeBench bench = new NodeBench();
        for (Duration delay : List.of(Duration.ofMillis(10_001), Duration.ofDays(365_000), Duration.ofMillis(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bench.node.ping(PEER, delay))
                    .withMessageContaining("10000 ms")
                    .withMessageContaining(delay.toString());
        }
        assertThat(bench.node.ping(PEER, Duration.ofMillis(Dht.MAX_PING_DELAY_MS)))
                .isNotDone();
        bench.loop.turn();
        assertThat(bench.sentRequest().command()).isEqualTo(Command.DELAYED_PING);
    }
}
