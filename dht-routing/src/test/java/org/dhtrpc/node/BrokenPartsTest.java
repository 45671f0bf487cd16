package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.node.NodeBench.TARGET;
import static org.dhtrpc.node.NodeBench.demandAtOnce;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow.Subscriber;
import java.util.random.RandomGenerator;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.IdPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Codecs, transports, subscribers, listeners and policies are other people's: what they throw harms nobody else. */
@SuppressWarnings({"DirectInvocationOnMock", "unchecked"})
class BrokenPartsTest {
    private static final Query QUERY = Query.of("lookup", TARGET);
    private static final Bytes VALUE = Bytes.utf8("value");

    private final Subscriber<QueryResult> subscriber = mock(Subscriber.class);

    @Test
    void an_id_policy_that_throws_believes_nobody() {
        NodeBench bench = new NodeBench(builder -> builder.idPolicy(new IdPolicy() {
            @Override
            public Key create(RandomGenerator random, @Nullable Endpoint own) {
                return Key.random(random);
            }

            @Override
            public boolean accept(Key id, Endpoint endpoint) {
                throw new IllegalStateException("policy");
            }
        }));

        bench.receive(new Request(7, NodeBench.PEER_ID, NodeBench.OURS, Command.PING, null, null, null));

        assertThat(bench.sent()).singleElement().isInstanceOf(Reply.class);
    }

    @Test
    void an_address_filter_that_throws_refuses_everybody() {
        NodeBench bench = new NodeBench(builder -> builder.addressFilter(endpoint -> {
            throw new IllegalStateException("filter");
        }));

        bench.receive(new Request(7, NodeBench.PEER_ID, NodeBench.OURS, Command.PING, null, null, null));

        assertThat(bench.sent()).isEmpty();
        assertThat(bench.loopStats().rejected()).containsEntry(Rejection.FILTERED, 1L);
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without a checker can do
    void an_async_handler_that_returns_nothing_is_named() {
        NodeBench bench = new NodeBench();
        List<DhtEvent> events = new ArrayList<>();
        bench.node.onEvent(events::add);
        bench.node.onQueryAsync("lookup", query -> null);

        bench.receiveRequest(7, "lookup", Bytes.EMPTY);

        assertThat(bench.sent()).singleElement().extracting("error").isEqualTo(ErrorCode.HANDLER_FAILED);
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        DhtEvent.HandlerFailed.class,
                        failed -> assertThat(failed.cause())
                                .hasMessageContaining("'lookup' returned null instead of a stage"));
    }

    @Test
    void a_codec_that_throws_what_it_must_not_has_read_nothing() throws Exception {
        NodeBench bench = new NodeBench();
        doThrow(new IllegalStateException("broken")).when(bench.codec).decode(any());
        bench.receive(NodeBench.garbage());

        assertThat(bench.loopStats().rejected()).containsEntry(Rejection.MALFORMED, 1L);
        assertThat(bench.node.ready()).isCompleted();
    }

    @Test
    void a_codec_or_a_transport_that_does_not_send_one_message_sends_the_next() {
        NodeBench bench = new NodeBench();
        bench.node.onQuery("lookup", query -> VALUE);
        doThrow(new IllegalArgumentException("broken codec"))
                .when(bench.codec)
                .encode(argThat(message -> message.transaction() == 1), any());
        bench.receiveRequest(1, "lookup", Bytes.EMPTY);
        bench.receiveRequest(2, "lookup", Bytes.EMPTY);

        assertThat(bench.sent()).singleElement().extracting("transaction").isEqualTo(2L);

        doThrow(new IllegalStateException("broken transport"))
                .when(bench.transport)
                .send(any(), any());
        bench.receiveRequest(3, "lookup", Bytes.EMPTY);
        assertThat(bench.loopStats().repliesSent()).isEqualTo(3);
    }

    @Test
    void a_subscriber_that_throws_at_a_result_is_cancelled_and_the_node_lives() {
        NodeBench bench = NodeBench.withPeer();
        demandAtOnce(subscriber, Long.MAX_VALUE);
        doThrow(new IllegalStateException("onNext")).when(subscriber).onNext(any());
        QueryStream stream = bench.node.query(QUERY);
        stream.subscribe(subscriber);
        bench.loop.turn();

        bench.answer(bench.sentRequest(), VALUE);

        verify(subscriber, never()).onComplete();
        assertThat(stream.summary()).isCompleted();
        assertStillAnswers(bench);
    }

    @Test
    void a_subscriber_that_throws_at_its_subscription_is_cancelled_and_the_node_lives() {
        NodeBench bench = NodeBench.withPeer();
        doThrow(new AssertionError("onSubscribe")).when(subscriber).onSubscribe(any());
        QueryStream stream = bench.node.query(QUERY);

        stream.subscribe(subscriber);
        bench.loop.turn();

        verify(subscriber, never()).onError(any());
        assertThat(stream.summary()).isCompleted();
        assertStillAnswers(bench);
    }

    @Test
    void a_subscriber_that_throws_at_the_end_harms_nobody() {
        NodeBench bench = NodeBench.withPeer();
        demandAtOnce(subscriber, 0);
        doThrow(new IllegalStateException("onError")).when(subscriber).onError(any());
        bench.node.query(QUERY).subscribe(subscriber);
        bench.loop.turn();
        verify(subscriber).onError(any());

        Subscriber<QueryResult> another = mock(Subscriber.class);
        doThrow(new IllegalStateException("onSubscribe")).when(another).onSubscribe(any());
        doThrow(new IllegalStateException("onError")).when(another).onError(any());
        QueryStream taken = bench.node.query(QUERY);
        taken.subscribe(mock(Subscriber.class));
        taken.subscribe(another);
        bench.loop.turn();
        verify(another).onError(any());
        assertStillAnswers(bench);
    }

    @Test
    void a_listener_that_throws_does_not_keep_others_from_hearing() {
        NodeBench bench = new NodeBench();
        Runnable heard = mock(Runnable.class);
        bench.node.onEvent(event -> {
            throw new IllegalStateException("listener");
        });
        bench.node.onEvent(event -> heard.run());

        bench.receive(NodeBench.garbage());

        verify(heard).run();
        assertStillAnswers(bench);
    }

    private void assertStillAnswers(NodeBench bench) {
        bench.sent();
        bench.node.onQuery("alive", query -> VALUE);
        bench.receiveRequest(99, "alive", Bytes.EMPTY);
        assertThat(bench.sent()).singleElement().extracting("value").isEqualTo(VALUE);
    }
}
