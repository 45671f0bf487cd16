package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to an address that has not proven itself: at most three times the bytes of its request. */
class UnprovenTest {
    private static final Endpoint PEER = Peer.endpoint(99);
    private static final MsgpackCodec CODEC = new MsgpackCodec();

    private final Bench bench = full();

    private static Bench full() {
        List<Peer> peers = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            peers.add(Peer.at(Bench.ID, i));
        }
        Bench bench = Bench.setup().knows(peers.toArray(Peer[]::new)).build();
        bench.machine.handle(bench.now, Bench.COMMAND, Phase.DISCOVERY);
        return bench;
    }

    private static Request request(Command command, @Nullable Bytes token, int padding) {
        return new Request(1, null, Bench.HERE, command, Bench.ID, false, token, null, null, padding);
    }

    private int bytesTo(Endpoint endpoint) {
        return bench.sent.stream()
                .filter(send -> send.to().equals(endpoint))
                .mapToInt(send -> CODEC.size(send.message()))
                .sum();
    }

    private Reply answered(Request request, int bytes) {
        int before = bench.calls.size();
        bench.receive(PEER, request);
        assertThat(bench.calls).hasSize(before + 1);
        bench.answer(bench.calls.get(before), ErrorCode.NONE, Bytes.of(new byte[bytes]));
        return bench.replies().get(bench.replies().size() - 1);
    }

    @Test
    void a_small_request_gets_only_the_nearest_contacts() {
        Request bare = request(Command.FIND_NODE, null, 0);
        Reply reply = bench.asked(PEER, bare);
        assertThat(reply.error()).isZero();
        assertThat(reply.contacts()).hasSize(2);
        assertThat(CODEC.size(reply)).isLessThanOrEqualTo(3 * CODEC.size(bare));
    }

    @Test
    void with_a_token_the_same_request_gets_them_all() {
        Bytes token = bench.asked(PEER, request(Command.FIND_NODE, null, 0)).token();
        assertThat(bench.asked(PEER, request(Command.FIND_NODE, token, 0)).contacts())
                .hasSize(20);
    }

    @Test
    void a_value_that_is_too_large_for_an_unproven_address_is_given_to_who_proves_itself() {
        Reply refused = answered(request(Bench.COMMAND, null, 0), 800);
        assertThat(refused.error()).isEqualTo(ErrorCode.PROVE_ADDRESS);
        assertThat(refused.value()).isNull();
        Reply given = answered(request(Bench.COMMAND, refused.token(), 0), 800);
        assertThat(given.error()).isZero();
        assertThat(given.value()).isEqualTo(Bytes.of(new byte[800]));
    }

    @Test
    void a_value_that_fits_no_datagram_is_no_question_of_proof() {
        assertThat(answered(request(Bench.COMMAND, null, 0), 1_300).error()).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void a_token_of_somebody_else_proves_nothing() {
        Bytes foreign = bench.asked(Peer.endpoint(98), request(Command.FIND_NODE, null, 0))
                .token();
        assertThat(bench.asked(PEER, request(Command.FIND_NODE, foreign, 0)).contacts())
                .hasSizeLessThan(20);
    }

    @Test
    void a_request_that_is_smaller_than_a_third_of_every_answer_gets_none() {
        bench.receive(PEER, request(Command.PING, null, 0), 10);
        assertThat(bench.sent).isEmpty();
    }

    @Test
    void a_shorter_repeat_does_not_get_the_answer_to_the_long_one() {
        Request question = request(Bench.COMMAND, null, 350);
        Reply reply = answered(question, 900);
        assertThat(reply.value()).isNotNull();
        int replies = bench.replies().size();
        bench.receive(PEER, question);
        assertThat(bench.replies()).hasSize(replies + 1);
        bench.receive(PEER, question, 100);
        assertThat(bench.replies()).hasSize(replies + 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_ping_to_a_stranger_is_taken_off_the_allowance_of_the_reply(boolean target) {
        Key stranger = Key.hashOf(Bytes.utf8("stranger"));
        Request question =
                new Request(1, stranger, Bench.HERE, Command.FIND_NODE, target ? Bench.ID : null, null, null);
        bench.receive(PEER, question);
        assertThat(bench.requestsTo(PEER)).hasSize(1);
        assertThat(bench.replies()).hasSize(1);
        assertThat(bytesTo(PEER)).isLessThanOrEqualTo(3 * CODEC.size(question));
    }

    @Test
    void whatever_is_asked_an_unproven_address_gets_at_most_three_times_its_bytes() {
        Random random = new Random(7);
        int largest = 0;
        for (int i = 0; i < 5_000; i++) {
            Endpoint peer = Peer.endpoint(1_000 + i);
            Request question = random(random, i);
            int before = bench.calls.size();
            bench.receive(peer, question);
            if (bench.calls.size() > before) {
                bench.answer(
                        bench.calls.get(before),
                        random.nextInt(4) == 0 ? ErrorCode.HANDLER_FAILED : ErrorCode.NONE,
                        random.nextBoolean() ? null : Bytes.of(new byte[random.nextInt(1_400)]));
            }
            int share = 100 * bytesTo(peer) / CODEC.size(question);
            largest = Math.max(largest, share);
            assertThat(share).as("%s", question).isLessThanOrEqualTo(300);
            bench.sent.clear();
        }
        assertThat(largest).as("the allowance is used").isGreaterThan(290);
    }

    private static Request random(Random random, long transaction) {
        Command[] commands = {Command.PING, Command.FIND_NODE, Command.DOWN_HINT, Bench.COMMAND, Command.of("other")};
        return new Request(
                transaction,
                random.nextBoolean() ? null : Key.random(random),
                Bench.HERE,
                commands[random.nextInt(commands.length)],
                random.nextInt(4) == 0 ? null : Key.random(random),
                random.nextInt(3) == 0,
                random.nextBoolean() ? null : Bytes.of(new byte[8]),
                random.nextBoolean() ? null : Bytes.of(new byte[random.nextInt(100)]),
                null,
                random.nextInt(3) == 0 ? random.nextInt(600) : 0);
    }

    @Test
    void our_requests_are_large_enough_for_a_full_reply_and_a_ping_back() {
        Bench asking = Bench.setup().knows(Peer.at(Bench.ID, 1)).build();
        asking.begin(Query.of(Command.FIND_NODE, Bench.ID), 1);
        asking.begin(Query.of(Bench.COMMAND, Bench.ID), 1);
        Bench other = full();
        other.machine.unhandle(other.now, Bench.COMMAND, Phase.DISCOVERY);
        List<Integer> contacts = new ArrayList<>();
        for (Request request : asking.requests()) {
            Reply reply = other.asked(PEER, from(Key.hashOf(Bytes.utf8("somebody else")), request));
            contacts.add(reply.contacts() == null ? 0 : reply.contacts().size());
        }
        assertThat(contacts).containsOnly(20).hasSizeGreaterThan(1);
        assertThat(other.requestsTo(PEER)).as("pinged back").hasSize(1);
    }

    private static Request from(Key sender, Request request) {
        return new Request(
                request.transaction(),
                sender,
                request.to(),
                request.command(),
                request.target(),
                request.commit(),
                request.token(),
                request.value(),
                request.relay(),
                request.padding());
    }

    @Test
    void a_request_with_a_token_is_not_padded() {
        Peer peer = Peer.at(Bench.ID, 1);
        Bench asking = Bench.setup().knows(peer).build().with(peer);
        asking.beginClosest(Query.of(Bench.COMMAND, Bench.ID), 1);
        asking.runMillis(1_000);
        assertThat(asking.requests())
                .filteredOn(Request::commit)
                .isNotEmpty()
                .allMatch(request -> request.padding() == 0);
        assertThat(asking.requests())
                .filteredOn(request -> !request.commit())
                .allMatch(request -> request.padding() > 0);
    }

    @Test
    void where_the_wire_knows_no_padding_there_is_none_and_no_limit_but_the_datagram() {
        Bench foreign =
                Bench.setup().wire(16, true, false).knows(Peer.at(Bench.ID, 1)).build();
        foreign.begin(Query.of(Bench.COMMAND, Bench.ID), 1);
        assertThat(foreign.lastRequest().padding()).isZero();
        foreign.receive(PEER, request(Command.FIND_NODE, null, 0), 1);
        assertThat(foreign.replies())
                .singleElement()
                .satisfies(reply -> assertThat(reply.contacts()).hasSize(1));
    }
}
