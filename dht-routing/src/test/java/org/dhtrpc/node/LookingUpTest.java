package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.node.NodeBench.PEER;
import static org.dhtrpc.node.NodeBench.TARGET;
import static org.dhtrpc.node.NodeBench.assertFailed;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import com.google.common.util.concurrent.Uninterruptibles;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Reply;
import org.dhtrpc.spi.Punched;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Before an operation enters the machine: names, bootstrap nodes, hole punchers, and what becomes of those that hang. */
class LookingUpTest {
    private static final Query QUERY = Query.of("lookup", TARGET);

    /** A resolver that answers nobody. */
    private static final HostResolver HANGING = host -> {
        new CompletableFuture<>().join();
        return List.of();
    };

    @Test
    void a_bootstrap_node_given_by_address_is_asked_though_the_name_of_another_is_never_resolved() {
        NodeBench bench =
                new NodeBench(builder -> builder.resolver(HANGING).bootstrap("slow.example:1", PEER.toString()));
        CompletableFuture<?> ready = bench.node.ready();

        bench.loop.pass(Duration.ofSeconds(5));

        assertThat(bench.sentRequest().command()).isEqualTo(Command.FIND_NODE);
        assertThat(ready).isNotDone();
        bench.loop.pass(Duration.ofSeconds(6));
        DhtException failure = assertFailed(ready, Reason.BOOTSTRAP_FAILED);
        assertThat(failure.getSuppressed())
                .extracting(Throwable::getMessage)
                .anyMatch(message -> message.contains("'slow.example:1'") && message.contains("5000 ms"))
                .anyMatch(message -> message.contains(PEER.toString()));
    }

    @Test
    void a_resolver_that_breaks_is_a_name_that_is_unknown() throws Exception {
        // The attempt must not fail before somebody asks how it goes.
        CountDownLatch asked = new CountDownLatch(1);
        NodeBench bench =
                new NodeBench(builder -> builder.bootstrap("broken.example:1").resolver(host -> {
                    Uninterruptibles.awaitUninterruptibly(asked);
                    throw new LinkageError("no resolver");
                }));
        CompletableFuture<?> ready = bench.node.ready();
        bench.loop.turn();

        asked.countDown();
        bench.loop.turnUntil(ready::isDone);

        assertThat(assertFailed(ready, Reason.BOOTSTRAP_FAILED).getSuppressed())
                .singleElement()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("Unknown host: 'broken.example:1'");
    }

    @Test
    void a_query_of_a_node_that_knows_somebody_does_not_wait_for_the_names_of_bootstrap_nodes() {
        NodeBench bench = new NodeBench(builder -> builder.resolver(HANGING)
                .bootstrap("slow.example:1")
                .verifiedContacts(List.of(new Contact(NodeBench.PEER_ID, PEER))));

        var results = bench.node.query(QUERY).results();
        bench.loop.turn();
        bench.answer(bench.sentRequest(), Bytes.EMPTY);

        assertThat(results).isCompletedWithValueMatching(found -> found.size() == 1);
    }

    @Test
    void a_query_of_a_node_that_knows_nobody_waits_for_them_within_its_deadline_and_says_so() {
        NodeBench bench = new NodeBench(builder -> builder.resolver(HANGING).bootstrap("slow.example:1"));

        var results = bench.node.query(QUERY.deadline(Duration.ofMillis(700))).results();
        bench.loop.pass(Duration.ofMillis(600));
        assertThat(results).isNotDone();
        bench.loop.pass(Duration.ofMillis(200));

        assertThat(assertFailed(results, Reason.TIMED_OUT)).hasMessageContaining("bootstrap");
        assertThat(bench.loopStats().operations()).isZero();
    }

    @Test
    void a_name_that_is_not_resolved_in_time_is_named_with_the_time() {
        NodeBench bench = new NodeBench(builder -> builder.resolver(HANGING));

        var answer = bench.node.request("slow.example:1", QUERY.deadline(Duration.ofMillis(300)));
        bench.loop.pass(Duration.ofMillis(300));

        assertThat(assertFailed(answer, Reason.TIMED_OUT)).hasMessageContaining("'slow.example:1'", "300 ms");
    }

    @Test
    void a_name_may_stand_for_many_addresses_and_the_first_that_can_be_reached_is_taken() throws Exception {
        NodeBench bench = new NodeBench(builder -> builder.resolver(host -> List.of(
                InetAddress.getByAddress(new byte[16]),
                InetAddress.getByAddress(new byte[4]),
                InetAddress.getByAddress(new byte[] {10, 0, 0, 2}))));

        var answer = bench.node.ping("peer.example:2");
        bench.loop.turnUntil(() -> !bench.sent.isEmpty());

        assertThat(bench.sentRequest().to()).isEqualTo(PEER);
        assertThat(answer).isNotDone();
    }

    @Test
    void too_many_names_at_once_are_refused_and_not_forgotten() {
        NodeBench bench = new NodeBench(builder -> builder.resolver(HANGING));
        for (int i = 0; i < 257; i++) {
            bench.node.ping("slow.example:1");
        }
        bench.loop.turn();

        var refused = bench.node.ping("slow.example:1");
        bench.loop.turn();
        bench.loop.turn();

        assertThat(assertFailed(refused, Reason.OVERLOADED)).hasMessageContaining("256");
    }

    @Test
    void a_request_that_is_cancelled_on_its_way_is_not_sent() {
        NodeBench bench = new NodeBench();

        bench.node.ping(PEER).cancel(true);
        bench.loop.turn();

        assertThat(bench.sent()).isEmpty();
        assertThat(bench.loopStats().operations()).isZero();
    }

    @Test
    void a_hole_puncher_that_never_answers_is_waited_for_until_the_deadline() {
        NodeBench bench = new NodeBench(builder -> builder.queryDeadline(Duration.ofSeconds(3))
                .holePuncher((peer, referrer) -> new CompletableFuture<>()));

        CompletableFuture<Punched> punched = bench.node.holepunch("10.0.0.3:3", "10.0.0.2:2");
        bench.loop.pass(Duration.ofSeconds(3));

        assertThat(assertFailed(punched, Reason.TIMED_OUT)).hasMessageContaining("10.0.0.3:3", "3000 ms");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whom_the_hole_puncher_was_asked_for_is_no_stranger_and_does_not_say_whether_those_reach_us(boolean punched) {
        Transport sibling = mock(Transport.class);
        Endpoint hidden = Endpoint.parse("10.0.0.3:3");
        NodeBench bench = new NodeBench(
                CompletableFuture.completedFuture(sibling),
                builder -> builder.verifiedContacts(List.of(new Contact(NodeBench.PEER_ID, PEER)))
                        .holePuncher((peer, referrer) -> new CompletableFuture<>()));
        if (punched) {
            bench.node.holepunch(hidden.toString(), PEER.toString());
        }
        bench.node.query(QUERY).results();
        bench.loop.turn();

        bench.receive(new Reply(
                bench.sentRequest().transaction(),
                NodeBench.PEER_ID,
                NodeBench.OURS,
                List.of(new Contact(TARGET, hidden)),
                NodeBench.TOKEN,
                0,
                null));

        verify(sibling, times(punched ? 0 : 1)).send(eq(hidden), any());
        assertThat(bench.sentRequest().to()).isEqualTo(hidden);
    }

    @Test
    void a_hole_puncher_that_throws_has_failed() {
        NodeBench bench = new NodeBench(builder -> builder.holePuncher((peer, referrer) -> {
            throw new IllegalStateException("broken");
        }));

        CompletableFuture<Punched> punched = bench.node.holepunch("10.0.0.3:3", "10.0.0.2:2");
        bench.loop.turn();

        assertFailed(punched, Reason.PUNCH_FAILED);
        assertThat(bench.node.ping(PEER)).isNotDone();
    }

    @Test
    @SuppressWarnings("NullAway") // what a hole puncher without a checker can do
    void a_hole_puncher_that_has_nothing_to_say_has_failed() {
        NodeBench bench = new NodeBench(
                builder -> builder.holePuncher((peer, referrer) -> CompletableFuture.completedStage(null)));

        CompletableFuture<Punched> punched = bench.node.holepunch("10.0.0.3:3", "10.0.0.2:2");
        bench.loop.turn();

        assertFailed(punched, Reason.PUNCH_FAILED);
    }

    @Test
    void a_punch_that_is_cancelled_is_not_made_and_leaves_no_timer() {
        AtomicInteger asked = new AtomicInteger();
        NodeBench bench = new NodeBench(builder -> builder.holePuncher((peer, referrer) -> {
            asked.incrementAndGet();
            return new CompletableFuture<>();
        }));
        int timers = bench.loop.alarms();

        bench.node.holepunch("10.0.0.3:3", "10.0.0.2:2").cancel(true);
        CompletableFuture<Punched> made = bench.node.holepunch("10.0.0.3:3", "10.0.0.2:2");
        bench.loop.turn();
        made.cancel(true);

        assertThat(asked).hasValue(1);
        assertThat(bench.loop.alarms()).isEqualTo(timers);
    }

    @Test
    void look_ups_that_nobody_waits_for_any_more_make_way() {
        NodeBench bench = new NodeBench(builder -> builder.resolver(HANGING));
        for (int i = 0; i < 300; i++) {
            CompletableFuture<?> ping = bench.node.ping("slow.example:1");
            bench.loop.turn();
            ping.cancel(true);
            bench.loop.turn();
        }

        CompletableFuture<?> ping = bench.node.ping("slow.example:1");
        bench.loop.turn();

        assertThat(ping).isNotDone();
    }

    @Test
    void a_deadline_runs_while_the_names_of_bootstrap_nodes_are_looked_up() throws Exception {
        CountDownLatch known = new CountDownLatch(1);
        NodeBench bench =
                new NodeBench(builder -> builder.bootstrap("slow.example:1").resolver(host -> {
                    Uninterruptibles.awaitUninterruptibly(known);
                    return List.of(InetAddress.getByAddress(new byte[] {10, 0, 0, 2}));
                }));
        var results = bench.node.query(QUERY.deadline(Duration.ofSeconds(1))).results();
        bench.loop.pass(Duration.ofMillis(900));
        known.countDown();
        bench.loop.turnUntil(() -> !bench.sent.isEmpty());

        bench.loop.pass(Duration.ofMillis(200));

        assertFailed(results, Reason.TIMED_OUT);
    }

    @Test
    void a_punch_completes_on_the_loop_whoever_brings_its_outcome() {
        CompletableFuture<Punched> outcome = new CompletableFuture<>();
        NodeBench bench = new NodeBench(builder -> builder.holePuncher((peer, referrer) -> outcome));
        CompletableFuture<Punched> punched = bench.node.holepunch("10.0.0.3:3", "10.0.0.2:2");
        bench.loop.turn();

        outcome.complete(Punched.of(PEER, "direct", Duration.ZERO));
        assertThat(punched).isNotDone();
        bench.loop.turn();

        assertThat(punched)
                .isCompletedWithValueMatching(found -> found.endpoint().equals(PEER));
    }
}
