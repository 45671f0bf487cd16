package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** On wires where nobody proves an address: who asks for nodes is pinged, and answered then. */
class IntroductionsTest {
    private static final int PATIENCE_MS = (int) Introductions.PATIENCE.toMillis();

    private final Peer one = stranger(1);
    private final Peer two = stranger(2);
    private final Bench bench = Bench.setup().wire(16, true, false).build();

    /** Ids all over the place, so that there is room for them. */
    private static Peer stranger(int number) {
        return new Peer(Key.hashOf(Peer.token(number)), Peer.endpoint(number));
    }

    private void ask(Peer stranger, long transaction) {
        bench.receive(stranger.endpoint, find(transaction, stranger.id));
    }

    private static Request find(long transaction, @Nullable Key sender) {
        return new Request(transaction, sender, Bench.HERE, Command.FIND_NODE, Bench.ID, null, null);
    }

    private List<Reply> repliesTo(Endpoint to) {
        return bench.sent.stream()
                .filter(send -> send.to().equals(to))
                .map(Effect.Send::message)
                .filter(Reply.class::isInstance)
                .map(Reply.class::cast)
                .toList();
    }

    private int pinged() {
        return (int) bench.requests().stream()
                .filter(request -> request.command().equals(Command.PING))
                .count();
    }

    @Test
    void one_that_answers_its_ping_is_answered_then_and_listed() {
        bench.with(one);
        ask(one, 7);
        assertThat(bench.requestsTo(one.endpoint)).hasSize(1);
        assertThat(repliesTo(one.endpoint)).isEmpty();
        bench.run(one.latency);
        assertThat(repliesTo(one.endpoint))
                .singleElement()
                .extracting(Reply::transaction)
                .isEqualTo(7L);
        assertThat(bench.contacts()).containsExactly(one.contact());
        assertThat(bench.machine.gauges().introduced()).isZero();
    }

    @Test
    void of_two_that_ask_at_once_the_second_is_told_of_the_first() {
        bench.with(one, two);
        ask(one, 1);
        ask(two, 2);
        bench.runMillis(100);
        assertThat(repliesTo(one.endpoint)).flatExtracting(Reply::contacts).isEmpty();
        assertThat(repliesTo(two.endpoint)).flatExtracting(Reply::contacts).containsExactly(one.contact());
    }

    @Test
    void one_that_does_not_answer_its_ping_is_answered_after_a_while_all_the_same() {
        ask(one, 7);
        bench.runMillis(PATIENCE_MS - 1);
        assertThat(repliesTo(one.endpoint)).isEmpty();
        bench.runMillis(1);
        assertThat(repliesTo(one.endpoint)).hasSize(1);
        assertThat(bench.contacts()).isEmpty();
        bench.runMillis(5_000);
        assertThat(repliesTo(one.endpoint)).hasSize(1);
        assertThat(bench.machine.gauges().introduced()).isZero();
    }

    @Test
    void who_repeats_its_question_waits_on_and_another_question_is_answered_at_once() {
        ask(one, 7);
        ask(one, 7);
        assertThat(repliesTo(one.endpoint)).isEmpty();
        ask(one, 8);
        assertThat(repliesTo(one.endpoint)).extracting(Reply::transaction).containsExactly(8L);
        bench.runMillis(PATIENCE_MS);
        assertThat(repliesTo(one.endpoint)).extracting(Reply::transaction).containsExactly(8L, 7L);
        ask(one, 7);
        assertThat(repliesTo(one.endpoint)).hasSize(3);
    }

    @Test
    void who_finds_all_ping_backs_taken_is_pinged_when_one_is_free() {
        List<Peer> many =
                IntStream.range(1, 101).mapToObj(IntroductionsTest::stranger).toList();
        bench.with(many.toArray(Peer[]::new));
        many.forEach(each -> ask(each, 1));
        assertThat(pinged()).isEqualTo(KademliaConfig.MAX_PING_BACKS);
        bench.runMillis(PATIENCE_MS);
        assertThat(many).allSatisfy(each -> assertThat(repliesTo(each.endpoint)).hasSize(1));
        // As many as there were places for by then; with the others the table needs no more.
        assertThat(pinged()).isGreaterThan(KademliaConfig.MAX_PING_BACKS);
        assertThat(bench.contacts()).hasSizeGreaterThan(KademliaConfig.MAX_PING_BACKS);
    }

    @Test
    void beyond_256_they_are_answered_at_once() {
        List<Peer> silent = IntStream.rangeClosed(1, Introductions.MOST)
                .mapToObj(IntroductionsTest::stranger)
                .toList();
        silent.forEach(each -> ask(each, 1));
        assertThat(bench.machine.gauges().introduced()).isEqualTo(Introductions.MOST);
        assertThat(bench.replies()).isEmpty();
        Peer next = stranger(Introductions.MOST + 1);
        ask(next, 1);
        assertThat(repliesTo(next.endpoint)).hasSize(1);
        assertThat(bench.machine.gauges().introduced()).isEqualTo(Introductions.MOST);
    }

    @Test
    void who_sends_no_id_asks_something_else_or_is_known_does_not_wait() {
        bench.receive(two.endpoint, find(1, null));
        assertThat(repliesTo(two.endpoint)).hasSize(1);
        bench.receive(two.endpoint, new Request(2, two.id, Bench.HERE, Command.PING, null, null, null));
        assertThat(repliesTo(two.endpoint)).hasSize(2);

        Bench knowing = Bench.setup().wire(16, true, false).knows(one).build();
        assertThat(knowing.ask(one.endpoint, find(3, one.id))).isNotNull();
    }

    @Test
    void on_a_wire_where_they_prove_themselves_nobody_waits() {
        Bench ours = Bench.setup().build();
        assertThat(ours.ask(one.endpoint, find(1, one.id))).isNotNull();
    }

    @Test
    void nobody_is_answered_by_a_node_that_rests() {
        ask(one, 7);
        bench.machine.suspend(bench.now);
        bench.drain();
        bench.runMillis(1_000);
        assertThat(bench.replies()).isEmpty();
        assertThat(bench.machine.gauges().introduced()).isZero();
    }
}
