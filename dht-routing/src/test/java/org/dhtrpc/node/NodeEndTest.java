package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.node.NodeBench.PEER;
import static org.dhtrpc.node.NodeBench.TARGET;
import static org.dhtrpc.node.NodeBench.assertFailed;
import static org.dhtrpc.node.NodeBench.demandAtOnce;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.isA;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Query;
import org.dhtrpc.QueryIterator;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.message.Reply;
import org.dhtrpc.spi.Punched;
import org.junit.jupiter.api.Test;

/** However a node ends, nobody waits for it afterwards, and everybody is told why. */
@SuppressWarnings({"DirectInvocationOnMock", "unchecked"})
class NodeEndTest {
    private static final Query QUERY = Query.of("lookup", TARGET);

    private final Subscriber<QueryResult> subscriber = mock(Subscriber.class);

    /** One of each kind that callers can have under way, wherever it has got to. */
    private static final class Waiting {
        final List<CompletableFuture<?>> futures = new ArrayList<>();
        final QueryStream idle;
        final QueryIterator iterator;

        Waiting(NodeBench bench, Subscriber<QueryResult> subscriber) {
            futures.add(bench.node.ping(PEER));
            futures.add(bench.node.request(PEER, QUERY));
            futures.add(bench.node.query(QUERY).results());
            futures.add(bench.node.closest(QUERY).first(result -> true));
            futures.add(bench.node.ping("slow.example:1"));
            futures.add(bench.node.query(QUERY.nodes("slow.example:1")).results());
            futures.add(bench.node.holepunch("10.0.0.3:3", "10.0.0.2:2"));
            idle = bench.node.query(QUERY);
            idle.subscribe(subscriber);
            iterator = bench.node.query(QUERY).iterator();
        }

        void assertEnded(Subscriber<QueryResult> subscriber, Reason reason) {
            futures.forEach(future -> assertFailed(future, reason));
            verify(subscriber).onSubscribe(any());
            verify(subscriber).onError(isA(DhtException.class));
            assertThat(idle.summary()).isCompleted();
            assertThatThrownBy(iterator::hasNext)
                    .isInstanceOfSatisfying(
                            DhtException.class,
                            failure -> assertThat(failure.reason()).isEqualTo(reason));
            assertThat(iterator.hasNext()).isFalse();
        }
    }

    private static NodeBench bench() {
        return new NodeBench(builder -> builder.verifiedContacts(List.of(new Contact(NodeBench.PEER_ID, PEER)))
                .resolver(host -> {
                    // Longer than any test.
                    new CompletableFuture<>().join();
                    return List.of();
                })
                .holePuncher((peer, referrer) -> new CompletableFuture<Punched>()));
    }

    @Test
    void work_under_way_ends_as_closed() {
        NodeBench bench = bench();
        Waiting waiting = new Waiting(bench, subscriber);
        bench.loop.turn();

        bench.loop.run(bench.node::close);

        waiting.assertEnded(subscriber, Reason.CLOSED);
        assertThat(bench.node.stats().join().state()).isEqualTo(DhtState.CLOSED);
    }

    @Test
    void work_that_is_still_on_its_way_to_the_loop_ends_as_closed() {
        NodeBench bench = bench();
        Waiting waiting = new Waiting(bench, subscriber);

        bench.loop.run(bench.node::close);

        waiting.assertEnded(subscriber, Reason.CLOSED);
    }

    @Test
    void when_somebody_else_closes_the_transport_nobody_waits_for_a_loop_that_may_have_ended() {
        NodeBench bench = bench();
        Waiting waiting = new Waiting(bench, subscriber);
        bench.loop.turn();

        bench.receiver().closed();

        waiting.assertEnded(subscriber, Reason.CLOSED);
        assertThatThrownBy(() -> bench.node.ping(PEER)).hasMessageContaining("closed");
        assertFailed(bench.node.stats(), Reason.CLOSED);
        bench.node.close();
    }

    @Test
    void when_the_loop_comes_to_it_after_all_the_numbers_are_known() {
        NodeBench bench = bench();

        bench.receiver().closed();
        bench.loop.turn();

        assertThat(bench.node.stats().join().state()).isEqualTo(DhtState.CLOSED);
        assertThat(bench.loop.alarms()).isZero();
    }

    @Test
    void a_node_leaves_no_timers_behind_with_the_loop() {
        NodeBench bench = bench();
        Waiting waiting = new Waiting(bench, subscriber);
        bench.loop.turn();
        assertThat(bench.loop.alarms()).isPositive();

        bench.loop.run(bench.node::close);

        waiting.assertEnded(subscriber, Reason.CLOSED);
        assertThat(bench.loop.alarms()).isZero();
    }

    @Test
    void the_last_event_waits_for_the_one_that_is_being_told() {
        NodeBench bench = bench();
        List<DhtEvent> told = new ArrayList<>();
        bench.node.onEvent(event -> {
            if (event instanceof DhtEvent.DatagramRejected) {
                Thread another = new Thread(bench.receiver()::closed);
                another.start();
                Uninterruptibles.joinUninterruptibly(another);
            }
            told.add(event);
        });

        bench.receive(NodeBench.garbage());

        assertThat(told).hasSize(2).element(1).isEqualTo(new DhtEvent.StateChanged(DhtState.CLOSED));
    }

    @Test
    void whoever_holds_a_stream_that_has_ended_does_not_hold_its_subscriber() {
        NodeBench bench = NodeBench.withPeer();
        QueryStream stream = bench.node.query(QUERY);
        stream.subscribe(subscriber);
        bench.loop.turn();
        assertThat(stream).extracting("subscriber").isSameAs(subscriber);

        stream.cancel();
        bench.loop.turn();

        assertThat(stream).extracting("subscriber").isNull();
    }

    @Test
    void a_defect_ends_everything_and_the_loop_is_told() {
        NodeBench bench = bench();
        List<DhtEvent> events = new ArrayList<>();
        bench.node.onEvent(events::add);
        Waiting waiting = new Waiting(bench, subscriber);
        bench.loop.turn();
        // The machine asks for sizes, and has no answer to a codec that breaks its contract there.
        doThrow(new IllegalStateException("a defect")).when(bench.codec).size(isA(Reply.class));

        assertThatThrownBy(() -> bench.receiveRequest(7, "unknown", Bytes.EMPTY))
                .isInstanceOfSatisfying(
                        DhtException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.BUG))
                .hasRootCauseMessage("a defect");

        waiting.assertEnded(subscriber, Reason.BUG);
        verify(bench.transport).close();
        assertThat(events).contains(new DhtEvent.StateChanged(DhtState.CLOSED));
        assertThat(bench.node.stats().join().state()).isEqualTo(DhtState.CLOSED);
        assertThatThrownBy(() -> bench.node.ping(PEER)).hasMessageContaining("closed");
    }

    @Test
    void a_handler_that_closes_its_node_can_begin_nothing_more() {
        NodeBench bench = new NodeBench();
        List<DhtException> refusals = new ArrayList<>();
        bench.node.onQuery("stop", query -> {
            bench.node.close();
            try {
                CompletableFuture<?> unexpected = bench.node.ping("name:9");
                assertThat(unexpected).isNull();
            } catch (DhtException e) {
                refusals.add(e);
            }
            return null;
        });

        bench.receiveRequest(7, "stop", Bytes.EMPTY);

        assertThat(refusals).singleElement().extracting(DhtException::reason).isEqualTo(Reason.CLOSED);
        verify(bench.transport).close();
    }

    @Test
    void a_query_that_is_closed_from_inside_of_a_signal_has_a_true_summary() {
        NodeBench bench = NodeBench.withPeer();
        QueryStream stream = bench.node.closest(QUERY.verbose(true));
        demandAtOnce(subscriber, 1);
        doAnswer(call -> {
                    bench.node.close();
                    return null;
                })
                .when(subscriber)
                .onNext(any());
        stream.subscribe(subscriber);
        bench.loop.turn();

        bench.answer(bench.sentRequest(), Bytes.EMPTY);

        verify(subscriber).onError(isA(DhtException.class));
        assertThat(stream.summary().join().requests()).isPositive();
        assertThat(stream.summary().join().replies()).isEqualTo(1);
    }

    @Test
    void a_part_that_throws_when_it_is_closed_does_not_keep_anybody_waiting() {
        NodeBench bench = bench();
        doThrow(new IllegalStateException("broken")).when(bench.transport).close();
        CompletableFuture<DhtStats> asked = bench.node.stats();
        Waiting waiting = new Waiting(bench, subscriber);

        bench.loop.run(bench.node::close);
        bench.node.close();

        waiting.assertEnded(subscriber, Reason.CLOSED);
        assertThat(asked.join().state()).isEqualTo(DhtState.CLOSED);
    }

    @Test
    void there_is_a_limit_to_what_callers_have_under_way_and_those_beyond_it_are_told() {
        NodeBench bench = new NodeBench();
        List<CompletableFuture<?>> pings = new ArrayList<>();
        for (int i = 0; i < 4_096; i++) {
            pings.add(bench.node.ping(PEER));
        }
        bench.node.query(QUERY).subscribe(subscriber);
        bench.loop.turn();

        assertThat(assertFailed(bench.node.ping(PEER), Reason.OVERLOADED)).hasMessageContaining("4096");
        verify(subscriber).onError(isA(DhtException.class));
        assertThat(bench.loopStats().operations()).isEqualTo(4_096);

        pings.get(0).cancel(true);
        bench.loop.turn();
        assertThat(bench.node.ping(PEER)).isNotDone();
    }

    @Test
    void a_node_that_takes_no_more_calls_can_be_suspended_all_the_same() {
        NodeBench bench = new NodeBench();
        List<CompletableFuture<?>> pings = new ArrayList<>();
        for (int i = 0; i < 4_096; i++) {
            pings.add(bench.node.ping(PEER));
        }

        CompletableFuture<?> suspended = bench.node.suspend();
        bench.loop.turn();

        assertThat(suspended).isCompleted();
        assertThat(pings).allSatisfy(ping -> assertFailed(ping, Reason.SUSPENDED));
    }
}
