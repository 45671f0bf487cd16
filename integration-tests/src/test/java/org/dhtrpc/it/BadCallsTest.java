package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.dhtrpc.it.Loopback.await;

import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryStream;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.transport.nio.NioTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller's mistake gets an error that names the value and the limit; and it never costs a datagram. */
class BadCallsTest {
    private static final Endpoint SOMEBODY = Endpoint.parse("127.0.0.1:9");
    private static final Query QUERY = Query.of("echo", Key.ZERO);

    private final Loopback network = new Loopback();
    private Dht node;

    @BeforeEach
    void start() {
        node = network.start(builder -> builder.resolver(host -> {
            throw new UnknownHostException(host);
        }));
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void a_target_of_31_bytes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Query.of("echo", Key.of(new byte[31])))
                .withMessage("A key has 32 bytes, not 31");
    }

    @Test
    void a_value_that_is_too_large() {
        int limit = 1_000;
        while (fits(limit + 1)) {
            limit++;
        }
        int most = limit;
        assertThat(most).isBetween(1_000, 1_200);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> node.query(ofSize(most + 1)),
                () -> node.closest(ofSize(most + 1)),
                () -> node.request(SOMEBODY, ofSize(most + 1)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(call)
                    .withMessageContaining("A value of " + (most + 1) + " bytes")
                    .withMessageContaining("1200")
                    .withMessageContaining("at most " + most);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> node.query(ofSize(70_000)))
                .withMessageContaining("70000")
                .withMessageContaining("at most 10");
    }

    private boolean fits(int size) {
        try {
            node.closest(ofSize(size));
            return true;
        } catch (IllegalArgumentException tooLarge) {
            return false;
        }
    }

    private static Query ofSize(int bytes) {
        return QUERY.value(Bytes.of(new byte[bytes]));
    }

    @Test
    void the_largest_value_that_is_accepted_arrives() {
        node.onQuery(
                "size",
                query -> Bytes.utf8(Integer.toString(
                        query.value() == null ? -1 : query.value().size())));
        Dht caller = network.start();
        Query largest = Query.of("size", Key.ZERO).value(Bytes.of(new byte[1_000]));
        assertThat(await(caller.request(node.localAddress(), largest)).value()).isEqualTo(Bytes.utf8("1000"));
    }

    @Test
    void an_unknown_host() {
        List<CompletionStage<?>> calls = List.of(
                node.ping("nowhere.invalid:1"),
                node.request("nowhere.invalid:1", QUERY),
                node.query(QUERY.nodes("nowhere.invalid:1")).results(),
                node.closest(QUERY.nodes("127.0.0.1:9", "nowhere.invalid:1")).results());
        assertThat(calls)
                .allSatisfy(call -> assertThatThrownBy(() -> await(call))
                        .isInstanceOfSatisfying(
                                DhtException.class,
                                failure -> assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_HOST))
                        .hasMessageContaining("nowhere.invalid:1"));
        assertThat(await(node.stats()).requestsSent()).isZero();
    }

    @Test
    void an_unknown_bootstrap_host() {
        Dht lost = network.start(builder -> builder.bootstrap("nowhere.invalid:1", "nobody.invalid")
                .resolver(host -> {
                    throw new UnknownHostException(host);
                }));
        assertThatThrownBy(() -> await(lost.ready())).isInstanceOfSatisfying(DhtException.class, failure -> {
            assertThat(failure.reason()).isEqualTo(Reason.BOOTSTRAP_FAILED);
            assertThat(failure).hasMessageContainingAll("nowhere.invalid:1", "nobody.invalid");
            assertThat(failure.getSuppressed())
                    .hasSize(2)
                    .allSatisfy(cause -> assertThat(cause)
                            .isInstanceOfSatisfying(
                                    DhtException.class,
                                    unknown -> assertThat(unknown.reason()).isEqualTo(Reason.UNKNOWN_HOST)));
        });
    }

    @Test
    void a_port_that_is_in_use() {
        int port = node.localAddress().port();
        assertThatThrownBy(() -> NioTransport.bind(Loopback.HOST, port))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(Loopback.HOST + ":" + port);
    }

    @Test
    void a_closed_node() {
        CompletableFuture<?> ready = network.start(SOMEBODY).ready();
        Dht closed = network.start();
        QueryStream before = closed.query(QUERY);
        closed.close();
        closed.close();

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> closed.query(QUERY),
                () -> closed.closest(QUERY),
                () -> closed.findNode(Key.ZERO),
                () -> closed.request(SOMEBODY, QUERY),
                () -> closed.request(SOMEBODY.toString(), QUERY),
                () -> closed.ping(SOMEBODY),
                () -> closed.ping(SOMEBODY.toString()),
                () -> closed.holepunch(SOMEBODY, SOMEBODY),
                () -> closed.onQuery("echo", query -> null),
                () -> closed.onClosest("echo", query -> null),
                () -> closed.onEvent(event -> {}),
                closed::contacts)) {
            assertThatThrownBy(call).satisfies(failure -> assertClosed(failure, closed));
        }
        assertThatThrownBy(() -> await(before.results())).satisfies(failure -> assertClosed(failure, closed));
        assertThat(await(closed.stats()).state()).isEqualTo(DhtState.CLOSED);
        assertThat(ready).isNotDone();
    }

    @Test
    void work_that_is_under_way_when_the_node_is_closed_ends_at_once_and_says_so() {
        try (Stranger silent = new Stranger()) {
            Dht closing = network.start(silent.endpoint());
            List<CompletionStage<?>> pending = List.of(
                    closing.ready(),
                    closing.ping(silent.endpoint()),
                    closing.request(silent.endpoint(), QUERY),
                    closing.query(QUERY).results(),
                    closing.closest(QUERY).results(),
                    closing.query(QUERY.nodes(silent.endpoint())).first(result -> true));
            closing.close();
            assertThat(pending)
                    .allSatisfy(stage -> assertThatThrownBy(() -> await(stage))
                            .satisfies(failure -> assertClosed(failure, closing)));
        }
    }

    private static void assertClosed(Throwable failure, Dht closed) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        DhtException.class, end -> assertThat(end.reason()).isEqualTo(Reason.CLOSED));
        assertThat(failure).hasMessageContaining("closed");
        assertThat(closed.localAddress().port()).isPositive();
    }

    @Test
    void numbers_out_of_their_range() {
        assertRefused(() -> QUERY.concurrency(65), "1 to 64", "65");
        assertRefused(() -> QUERY.deadline(Duration.ZERO), "PT0S");
        assertRefused(() -> DhtNode.builder().k(21).options(), "k", "1 to 20", "21");
        assertRefused(() -> DhtNode.builder().concurrency(0).options(), "concurrency", "1 to 64", "0");
        assertRefused(
                () -> DhtNode.builder().requestTimeout(Duration.ofMillis(999)).options(), "PT1S", "PT0.999S");
        assertRefused(() -> NioTransport.bind(Loopback.HOST, 65_536), "65536", "65535");
        assertRefused(() -> node.query(QUERY.nodes(Collections.nCopies(161, SOMEBODY))), "160", "161");
    }

    @Test
    void addresses_that_are_none() {
        assertRefused(() -> DhtNode.builder().bootstrap("host:port"), "host:port", "1 to 65535");
        assertRefused(() -> DhtNode.builder().bootstrap("host:0"), "host:0", "1 to 65535");
        assertRefused(() -> DhtNode.builder().bootstrap("[::]:7"), "[::]:7");
        assertRefused(() -> node.ping(""), "host:port");
        assertRefused(() -> node.ping("127.0.0.1:99999"), "127.0.0.1:99999");
        assertRefused(() -> node.ping(Endpoint.parse("127.0.0.1:0")), "127.0.0.1:0");
        assertRefused(() -> node.ping(Endpoint.parse("0.0.0.0:1")), "0.0.0.0:1");
        assertRefused(() -> node.ping(Endpoint.parse("[::1]:1")), "[0:0:0:0:0:0:0:1]:1", Loopback.HOST);
        assertRefused(() -> node.request("[::1]:1", QUERY), "[0:0:0:0:0:0:0:1]:1", Loopback.HOST);
        assertRefused(() -> node.query(QUERY.nodes("[::1]:1")), "[0:0:0:0:0:0:0:1]:1");
    }

    @Test
    void commands_that_are_none() {
        String tooLong = "c".repeat(49);
        assertRefused(() -> node.onQuery(tooLong, query -> null), tooLong, "48", "49");
        assertRefused(() -> Query.of("", Key.ZERO), "1 to 48", "0");
    }

    @Test
    void a_request_whose_query_names_other_nodes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> node.request(SOMEBODY, QUERY.nodes(SOMEBODY)))
                .withMessageContaining("names others");
    }

    @Test
    void a_node_without_codec_or_with_a_transport_that_is_open() {
        assertThatIllegalStateException()
                .isThrownBy(() -> DhtNode.builder().build())
                .withMessageContaining("the transport and the codec");
        NioTransport transport = NioTransport.bind(Loopback.HOST, 0);
        try (Dht first =
                DhtNode.builder().transport(transport).codec(new MsgpackCodec()).build()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> DhtNode.builder()
                            .transport(transport)
                            .codec(new MsgpackCodec())
                            .build())
                    .withMessageContaining(first.localAddress().toString());
        }
    }

    @Test
    void waiting_on_the_loop_is_refused_and_the_alternative_named() {
        Transport socket = network.socket();
        Dht other = network.start(socket, builder -> builder);
        for (ThrowingCallable wait : List.<ThrowingCallable>of(
                () -> other.ping(SOMEBODY).join(),
                () -> other.ping(SOMEBODY).get(1, TimeUnit.SECONDS),
                () -> other.query(QUERY.nodes(SOMEBODY)).results().get(),
                () -> other.query(QUERY.nodes(SOMEBODY)).iterator().hasNext())) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            socket.loop().execute(() -> thrown.complete(catchThrowable(wait)));
            assertThat(await(thrown)).isInstanceOf(IllegalStateException.class).hasMessageContaining("thenCompose");
        }
    }

    @Test
    void hole_punching_without_a_hole_puncher() {
        assertThatThrownBy(() -> await(node.holepunch("127.0.0.1:1", "127.0.0.1:2")))
                .isInstanceOfSatisfying(
                        DhtException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.NO_HOLE_PUNCHER))
                .hasMessageContainingAll("No hole puncher is installed", "127.0.0.1:1");
    }

    @Test
    void nobody_to_ask() {
        assertThatThrownBy(() -> await(node.query(QUERY).results())).hasMessage("No nodes responded");
        assertThatThrownBy(() -> await(node.closest(QUERY).results())).hasMessage("No nodes responded");
        assertThatThrownBy(() -> await(node.query(QUERY.nodes(List.of())).results()))
                .hasMessage("No nodes responded");
    }

    @Test
    void nobody_who_commits() {
        Dht ephemeral = network.bootstrap();
        ephemeral.onClosest("echo", query -> query.value());
        Dht caller = network.start(ephemeral.localAddress());
        assertThatThrownBy(() -> await(caller.closest(QUERY).results()))
                .isInstanceOfSatisfying(
                        DhtException.class,
                        failure -> assertThat(failure.getSuppressed())
                                .singleElement()
                                .asString()
                                .contains(ephemeral.localAddress() + " is ephemeral"))
                .hasMessage("No close nodes responded");
        assertThatCode(() -> await(caller.query(QUERY).results())).doesNotThrowAnyException();
    }

    @Test
    void a_query_that_another_node_is_to_answer() {
        Dht node = network.bootstrap();
        Endpoint other = node.localAddress();
        assertRefused(() -> node.query(QUERY.answeredBy(other)), "Only a request to one node", other.toString());
    }

    private static void assertRefused(ThrowingCallable call, String... parts) {
        assertThatIllegalArgumentException()
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure).hasMessageContainingAll(parts));
    }

    @Test
    void an_address_that_the_filter_of_the_node_refuses() {
        Dht choosy = network.start(builder -> builder.addressFilter(endpoint -> !endpoint.equals(SOMEBODY)));
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> choosy.ping(SOMEBODY),
                () -> choosy.ping(SOMEBODY.toString()),
                () -> choosy.request(SOMEBODY, QUERY),
                () -> choosy.query(QUERY.nodes(SOMEBODY)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(call)
                    .withMessage("The address filter of this node refuses " + SOMEBODY);
        }
    }
}
