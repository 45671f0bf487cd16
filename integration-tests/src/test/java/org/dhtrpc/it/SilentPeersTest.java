package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.it.Loopback.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.Query;
import org.dhtrpc.QueryIterator;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that do not answer, or answer late: what waits for them ends, and nothing else waits. */
class SilentPeersTest {
    private static final Query ECHO = Query.of("echo", Key.ZERO).value(Bytes.utf8("value"));

    private final Loopback network = new Loopback();
    private final Stranger silent = new Stranger();

    @AfterEach
    void close() {
        silent.close();
        network.close();
    }

    private Dht echo() {
        return echo(network.start());
    }

    private static Dht echo(Dht node) {
        node.onQuery("echo", query -> query.value());
        return node;
    }

    private Dht impatient() {
        return network.start(builder -> builder.requestTimeout(Duration.ofSeconds(1)));
    }

    @Test
    void requests_that_time_out_make_room_for_those_behind_them() {
        try (SimulatedNetwork simulated = SimulatedNetwork.seeded(1).build()) {
            Dht node = SimulatedStore.node(simulated.host()).build();
            Endpoint nobody = simulated.host().endpoint();
            // What makes the seed stall for ever.
            List<? extends CompletableFuture<?>> vain =
                    Stream.generate(() -> node.ping(nobody)).limit(40).toList();
            Dht live = echo(SimulatedStore.node(simulated.host()).build());
            CompletableFuture<QueryResult> behind =
                    node.request(live.localAddress(), ECHO.deadline(Duration.ofMinutes(1)));

            assertThat(simulated.await(behind).value()).isEqualTo(ECHO.value());
            assertThat(vain)
                    .allSatisfy(ping -> assertThatThrownBy(() -> simulated.await(ping))
                            .isInstanceOfSatisfying(
                                    DhtException.class,
                                    failure -> assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT)));
            assertThat(simulated.await(node.stats()).pendingRequests()).isZero();
        }
    }

    @Test
    void an_iterator_over_silent_nodes_ends_with_the_failure() {
        Dht node = impatient();
        try (QueryIterator results = node.query(ECHO.nodes(silent.endpoint())).iterator()) {
            assertThatThrownBy(results::hasNext)
                    .isInstanceOf(DhtException.class)
                    .hasMessage("No nodes responded");
        }
    }

    @Test
    void an_iterator_takes_the_results_of_the_live_one_by_one() {
        Dht first = echo();
        Dht second = echo();
        Dht node = impatient();
        try (QueryIterator results = node.query(
                        ECHO.nodes(first.localAddress(), silent.endpoint(), second.localAddress()))
                .iterator()) {
            assertThat(List.of(results.next().from(), results.next().from()))
                    .containsExactlyInAnyOrder(first.localAddress(), second.localAddress());
            assertThat(results.hasNext()).isFalse();
        }
    }

    @Test
    void a_query_has_a_deadline_of_its_own() {
        Dht node = network.start();
        QueryStream query = node.query(ECHO.nodes(silent.endpoint()).deadline(Duration.ofMillis(100)));
        assertThatThrownBy(() -> await(query.results()))
                .isInstanceOfSatisfying(
                        DhtException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT))
                .hasMessageContaining("'echo'");
        assertThat(await(query.summary()).requests()).isEqualTo(1);
    }

    @Test
    void a_query_that_is_cancelled_ends_and_a_late_answer_does_no_harm() {
        Dht node = network.start();
        QueryStream query = node.query(ECHO.nodes(silent.endpoint()));
        CompletableFuture<List<QueryResult>> results = query.results();
        Request asked = silent.receiveRequest(Command.of("echo"));

        results.cancel(false);
        await(query.summary());
        silent.send(node.localAddress(), Stranger.reply(asked, null, node.localAddress(), null));
        silent.untilPong(node.localAddress());

        assertThatThrownBy(results::join).isInstanceOf(CancellationException.class);
        assertThat(await(node.stats()).operations()).isZero();
        assertThat(await(node.stats()).pendingRequests()).isZero();
    }

    @Test
    void a_request_whose_answer_is_lost_is_repeated_with_the_same_transaction_and_the_value_arrives() {
        Dht node = network.start();
        CompletableFuture<QueryResult> asked = node.request(silent.endpoint(), ECHO);
        Request first = silent.receiveRequest(Command.of("echo"));
        Request repeat = silent.receiveRequest(Command.of("echo"));
        assertThat(repeat).isEqualTo(first);

        silent.send(node.localAddress(), Stranger.reply(repeat, null, node.localAddress(), ECHO.value()));
        assertThat(await(asked).value()).isEqualTo(ECHO.value());
        assertThat(await(node.stats()).repeatsSent()).isPositive();
    }

    @Test
    void a_refusal_comes_at_once_and_is_no_silence() {
        Dht node = network.start();
        CompletableFuture<QueryResult> asked = node.request(silent.endpoint(), ECHO);
        Request request = silent.receiveRequest(Command.of("echo"));
        silent.send(
                node.localAddress(),
                new Reply(
                        request.transaction(), null, node.localAddress(), null, null, ErrorCode.UNKNOWN_COMMAND, null));
        assertThatThrownBy(() -> await(asked))
                .isInstanceOfSatisfying(
                        DhtException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNKNOWN_COMMAND))
                .hasMessageContaining("unknown command");
    }

    @Test
    void exported_contacts_may_be_named_in_a_query() {
        Endpoint bootstrap = network.bootstrap().localAddress();
        List<KeyValueNode> store = network.store(5, bootstrap);
        Dht caller = network.start(bootstrap);
        await(caller.ready());
        List<Endpoint> known = await(caller.contacts()).stream()
                .map(KnownContact::contact)
                .map(Contact::endpoint)
                .toList();
        assertThat(known).hasSameSizeAs(store);
        assertThat(await(caller.query(KeyValueNode.lookup(Bytes.EMPTY).nodes(known))
                        .results()))
                .hasSameSizeAs(store);
    }

    @Test
    void a_query_that_asks_the_dead_among_the_living_says_so_in_its_summary() {
        try (SimulatedNetwork simulated = SimulatedNetwork.seeded(2).build()) {
            Dht node = SimulatedStore.node(simulated.host()).build();
            Endpoint nobody = simulated.host().endpoint();
            List<Dht> live =
                    simulated.start(3, host -> echo(SimulatedStore.node(host).build()));
            QueryStream query = node.query(ECHO.nodes(nobody)
                    .nodes(live.stream().map(Dht::localAddress).toList()));
            assertThat(simulated.await(query.results()))
                    .hasSize(3)
                    .allSatisfy(result -> assertThat(result.roundTripTime()).isPositive());
            assertThat(simulated.await(query.summary())).satisfies(summary -> {
                assertThat(summary.requests()).isEqualTo(4);
                assertThat(summary.replies()).isEqualTo(3);
                assertThat(summary.failures()).isEqualTo(1);
            });
        }
    }
}
