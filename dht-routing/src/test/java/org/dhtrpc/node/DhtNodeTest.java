package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;
import static org.dhtrpc.node.NodeBench.PEER;
import static org.dhtrpc.node.NodeBench.TARGET;
import static org.dhtrpc.node.NodeBench.assertFailed;
import static org.dhtrpc.node.NodeBench.demandAtOnce;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.ArgumentMatchers.isA;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.AsyncQueryHandler;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Query;
import org.dhtrpc.QueryIterator;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.Registration;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

/** The node between its ends: in which order it uses them, and whose is what. */
@SuppressWarnings({"DirectInvocationOnMock", "unchecked"})
class DhtNodeTest {
    private static final Query QUERY = Query.of("lookup", TARGET);
    private static final Bytes VALUE = Bytes.utf8("value");

    private final Subscriber<QueryResult> subscriber = mock(Subscriber.class);

    /** The subscription that a subscriber was given. */
    private static Subscription subscription(Subscriber<QueryResult> given) {
        ArgumentCaptor<Subscription> subscription = ArgumentCaptor.forClass(Subscription.class);
        verify(given).onSubscribe(subscription.capture());
        return subscription.getValue();
    }

    @Nested
    class Order {
        @Test
        void a_datagram_is_decoded_answered_encoded_and_sent_before_receive_returns() throws Exception {
            NodeBench bench = new NodeBench();
            bench.node.onQuery("lookup", query -> VALUE);

            bench.receiveRequest(7, "lookup", Bytes.EMPTY);

            InOrder order = inOrder(bench.codec, bench.transport);
            order.verify(bench.codec).decode(any());
            order.verify(bench.codec).encode(isA(Reply.class), any());
            order.verify(bench.transport).send(eq(PEER), any());
            assertThat(bench.loop.waiting()).as("tasks left").isLessThanOrEqualTo(1);
        }

        @Test
        void a_handler_is_in_place_for_what_arrives_after_its_registration() {
            NodeBench bench = new NodeBench();
            Registration registration = bench.node.onQuery("lookup", query -> VALUE);

            // Without a turn of the loop in between, as when a busy loop finds a datagram and a task together.
            bench.receiveRequest(7, "lookup", Bytes.EMPTY);
            assertThat(bench.sent()).singleElement().extracting("error").isEqualTo(ErrorCode.NONE);

            registration.close();
            bench.receiveRequest(8, "lookup", Bytes.EMPTY);
            assertThat(bench.sent()).singleElement().extracting("error").isEqualTo(ErrorCode.UNKNOWN_COMMAND);
        }

        @Test
        void queries_that_wait_for_a_busy_loop_do_not_begin_inside_one_another() {
            NodeBench bench = NodeBench.withPeer();
            AtomicInteger depth = new AtomicInteger();
            List<Integer> depths = new ArrayList<>();
            doAnswer(call -> {
                        depths.add(depth.incrementAndGet());
                        call.<Subscription>getArgument(0).request(1);
                        return depth.decrementAndGet();
                    })
                    .when(subscriber)
                    .onSubscribe(any());
            for (int i = 0; i < 3; i++) {
                bench.node.query(QUERY).subscribe(subscriber);
            }
            bench.loop.turn();

            // Some thousands inside one another would be more than the stack holds.
            assertThat(depths).containsExactly(1, 1, 1);
        }

        @Test
        void what_is_called_on_the_loop_comes_after_what_was_called_before_on_another_thread() {
            NodeBench bench = new NodeBench();
            Registration closed = bench.node.onQuery("lookup", query -> VALUE);
            bench.node.onQuery("echo", query -> VALUE);
            bench.loop.run(() -> {
                closed.close();
                bench.node.onQuery("echo", query -> query.value());
            });
            bench.loop.turn();

            bench.receiveRequest(1, "lookup", Bytes.EMPTY);
            bench.receiveRequest(2, "echo", Bytes.EMPTY);

            assertThat(bench.sent())
                    .extracting("error", "value")
                    .containsExactly(tuple(ErrorCode.UNKNOWN_COMMAND, null), tuple(ErrorCode.NONE, Bytes.EMPTY));
        }

        @Test
        void nothing_is_sent_before_there_is_demand() {
            NodeBench bench = NodeBench.withPeer();
            bench.sent();

            bench.node.query(QUERY).subscribe(subscriber);
            bench.loop.turn();
            assertThat(bench.sent()).isEmpty();

            subscription(subscriber).request(1);
            bench.loop.turn();
            assertThat(bench.sent()).singleElement().isInstanceOf(Request.class);
        }

        @Test
        void a_subscriber_hears_of_its_subscription_then_results_then_the_end_and_then_the_summary_is_there() {
            NodeBench bench = NodeBench.withPeer();
            demandAtOnce(subscriber, Long.MAX_VALUE);
            QueryStream stream = bench.node.query(QUERY);
            Runnable summary = mock(Runnable.class);
            stream.summary().thenRun(summary);

            stream.subscribe(subscriber);
            bench.loop.turn();
            bench.answer(bench.sentRequest(), VALUE);

            InOrder order = inOrder(subscriber, summary);
            order.verify(subscriber).onSubscribe(any());
            order.verify(subscriber).onNext(any());
            order.verify(subscriber).onComplete();
            order.verify(summary).run();
            verifyNoMoreInteractions(subscriber);
        }

        @Test
        void signals_come_one_at_a_time() {
            NodeBench bench = NodeBench.withPeer();
            List<String> heard = new ArrayList<>();
            doAnswer(call -> {
                        heard.add("onSubscribe {");
                        call.<Subscription>getArgument(0).request(0);
                        heard.add("}");
                        return null;
                    })
                    .when(subscriber)
                    .onSubscribe(any());
            doAnswer(call -> heard.add("onError")).when(subscriber).onError(any());

            bench.node.query(QUERY).subscribe(subscriber);
            bench.loop.turn();

            assertThat(heard).containsExactly("onSubscribe {", "}", "onError");
        }

        @Test
        void demand_from_other_threads_is_added_up_on_its_way() {
            NodeBench bench = NodeBench.withPeer();
            bench.node.query(QUERY).subscribe(subscriber);
            bench.loop.turn();
            Subscription subscription = subscription(subscriber);

            for (int i = 0; i < 10_000; i++) {
                subscription.request(1);
            }

            assertThat(bench.loop.waiting()).isEqualTo(1);
        }

        @Test
        void what_is_refused_or_cancelled_does_not_pile_up_on_its_way() {
            NodeBench bench = new NodeBench();

            for (int i = 0; i < 100_000; i++) {
                bench.node.ping(PEER).cancel(true);
                bench.node.stats().cancel(true);
            }

            // So many callers as there may be, each with a start, an end and a farewell.
            assertThat(bench.loop.waiting()).isLessThanOrEqualTo(2 * 3 * 4_096);
            bench.loop.turn();
            assertThat(bench.node.ping(PEER)).isNotDone();
        }

        @ParameterizedTest
        @ValueSource(longs = {0, -1, Long.MIN_VALUE})
        void a_demand_that_is_none_ends_the_query_with_an_error_that_names_it(long demand) {
            NodeBench bench = NodeBench.withPeer();
            QueryStream stream = bench.node.query(QUERY);
            stream.subscribe(subscriber);
            bench.loop.turn();

            subscription(subscriber).request(demand);
            bench.loop.turn();

            ArgumentCaptor<Throwable> error = ArgumentCaptor.forClass(Throwable.class);
            verify(subscriber).onError(error.capture());
            assertThat(error.getValue())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + demand);
            assertThat(stream.summary()).isCompleted();
        }

        @Test
        void nothing_is_signalled_after_a_cancellation_inside_of_a_signal() {
            NodeBench bench = NodeBench.withPeer();
            demandAtOnce(subscriber, Long.MAX_VALUE);
            QueryStream stream = bench.node.query(QUERY);
            doAnswer(call -> {
                        stream.cancel();
                        return null;
                    })
                    .when(subscriber)
                    .onNext(any());

            stream.subscribe(subscriber);
            bench.loop.turn();
            bench.answer(bench.sentRequest(), VALUE);

            verify(subscriber, never()).onComplete();
            verify(subscriber, never()).onError(any());
            assertThat(stream.summary().join().requests()).isEqualTo(1);
        }

        @Test
        void a_second_consumer_is_refused_and_does_not_disturb_the_first() {
            NodeBench bench = NodeBench.withPeer();
            QueryStream stream = bench.node.query(QUERY);
            stream.subscribe(subscriber);
            bench.loop.turn();

            Subscriber<QueryResult> second = mock(Subscriber.class);
            doThrow(new IllegalStateException("not implemented")).when(second).onError(any());
            stream.subscribe(second);
            subscription(second).request(5);
            subscription(second).cancel();
            verify(second).onError(isA(IllegalStateException.class));
            assertThat(stream.results().cancel(true)).isFalse();
            try (QueryIterator iterator = stream.iterator()) {
                assertThatIllegalStateException().isThrownBy(iterator::hasNext);
            }
            bench.loop.turn();
            verify(subscriber, never()).onNext(any());

            subscription(subscriber).request(1);
            bench.loop.turn();
            bench.answer(bench.sentRequest(), VALUE);
            verify(subscriber).onNext(any());
            verify(subscriber).onComplete();
        }

        @Test
        void a_stream_that_was_cancelled_says_so_to_whoever_subscribes() {
            NodeBench bench = NodeBench.withPeer();
            QueryStream stream = bench.node.query(QUERY);

            stream.cancel();

            assertThat(stream.summary()).isCompleted();
            assertFailed(stream.results(), Reason.CANCELLED);
        }
    }

    @Nested
    class Ownership {
        @Test
        void the_transport_is_opened_once_and_closed_once() {
            NodeBench bench = new NodeBench();

            bench.loop.run(bench.node::close);
            bench.node.close();

            verify(bench.transport, times(1)).open(any());
            verify(bench.transport, times(1)).close();
        }

        @Test
        void a_build_that_fails_leaves_the_transport_to_its_maker() {
            NodeBench bench = new NodeBench();
            Transport narrow = mock(Transport.class);
            when(narrow.localAddress()).thenReturn(NodeBench.OURS);
            when(narrow.loop()).thenReturn(bench.loop);
            when(narrow.maxPayload()).thenReturn(100);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bench.builder().transport(narrow).build())
                    .withMessageContainingAll("1200", "100");

            verify(narrow, never()).open(any());
            verify(narrow, never()).close();
        }

        @Test
        void a_datagram_is_lent_and_nothing_of_it_is_kept() {
            NodeBench bench = new NodeBench();
            List<Bytes> given = new ArrayList<>();
            CompletableFuture<Bytes> later = new CompletableFuture<>();
            bench.node.onQueryAsync("lookup", query -> {
                given.add(query.value());
                return later;
            });

            // The bench overwrites the buffer as soon as the node has returned it.
            bench.receiveRequest(7, "lookup", VALUE);
            later.complete(given.get(0));
            bench.loop.turn();

            assertThat(given).containsExactly(VALUE);
            assertThat(bench.sent()).singleElement().extracting("value").isEqualTo(VALUE);
        }

        @Test
        void the_codec_reads_the_very_buffer_that_came() throws MalformedMessageException {
            NodeBench bench = new NodeBench();
            ByteBuffer datagram = NodeBench.garbage();

            bench.receive(datagram);

            ArgumentCaptor<ByteBuffer> read = ArgumentCaptor.forClass(ByteBuffer.class);
            verify(bench.codec).decode(read.capture());
            assertThat(read.getValue()).isSameAs(datagram);
        }

        @Test
        void what_is_sent_is_one_message_and_nothing_else() {
            NodeBench bench = new NodeBench();
            List<Integer> sizes = new ArrayList<>();
            doAnswer(call -> {
                        ByteBuffer datagram = call.getArgument(1);
                        sizes.add(datagram.remaining() - bench.codec.size(bench.decode(datagram)));
                        return null;
                    })
                    .when(bench.transport)
                    .send(any(), any());

            for (int i = 1; i < 4; i++) {
                bench.receiveRequest(i, "x".repeat(i), Bytes.EMPTY);
            }

            assertThat(sizes).containsExactly(0, 0, 0);
        }

        @Test
        void a_registration_takes_back_itself_and_no_other() {
            NodeBench bench = new NodeBench();
            Runnable told = mock(Runnable.class);
            Registration first = bench.node.onEvent(event -> told.run());
            bench.node.onEvent(event -> told.run());
            AsyncQueryHandler handler = query -> CompletableFuture.completedFuture(VALUE);
            Registration replaced = bench.node.onQueryAsync("lookup", handler);
            bench.node.onQueryAsync("lookup", handler);

            first.close();
            first.close();
            replaced.close();
            bench.receive(NodeBench.garbage());
            bench.receiveRequest(7, "lookup", Bytes.EMPTY);

            verify(told, times(1)).run();
            assertThat(bench.sent()).singleElement().extracting("error").isEqualTo(ErrorCode.NONE);
        }
    }
}
