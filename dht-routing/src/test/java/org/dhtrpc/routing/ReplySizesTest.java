package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Phase;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** How large what we answer may be. */
class ReplySizesTest {
    private static final Endpoint PEER = Peer.endpoint(1);
    private static final Bytes VALUE = Bytes.utf8("value");

    private final Peer known = Peer.at(Bench.ID, 9);
    private final Bench bench = handling(Bench.setup().knows(known).build());

    private static Bench handling(Bench bench) {
        bench.machine.handle(bench.now, Bench.COMMAND, Phase.DISCOVERY);
        return bench;
    }

    private static Request command(long transaction) {
        return new Request(transaction, null, Bench.HERE, Bench.COMMAND, Bench.ID, null, VALUE).withPadding(400);
    }

    private static int sizeOf(Reply reply) {
        List<Contact> contacts = reply.contacts();
        return contacts == null ? 0 : contacts.size();
    }

    @Test
    void an_answer_that_is_too_large_for_a_datagram_becomes_an_error() {
        bench.receive(PEER, command(5));
        bench.answer(bench.calls.get(0), ErrorCode.NONE, Bytes.of(new byte[1_300]));
        assertThat(bench.replies()).singleElement().satisfies(reply -> {
            assertThat(reply.error()).isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(reply.value()).isNull();
            assertThat(reply.contacts()).containsExactly(known.contact());
        });
    }

    @Test
    void a_large_answer_costs_the_farthest_contacts_only() {
        List<Peer> peers = new ArrayList<>();
        List<Contact> nearest = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            peers.add(Peer.at(Bench.ID, i));
            nearest.add(Peer.at(Bench.ID, i).contact());
        }
        Bench full = handling(Bench.setup().knows(peers.toArray(Peer[]::new)).build());
        Endpoint asker = Peer.endpoint(99);
        full.receive(asker, command(5));
        full.answer(full.calls.get(0), ErrorCode.NONE, Bytes.of(new byte[900]));
        Reply reply = full.replies().get(0);
        assertThat(reply.value()).satisfies(value -> assertThat(value.size()).isEqualTo(900));
        assertThat(reply.contacts()).hasSizeBetween(1, 10).isEqualTo(nearest.subList(0, sizeOf(reply)));
        assertThat(new MsgpackCodec().size(reply)).isLessThanOrEqualTo(1_200);
        assertThat(new MsgpackCodec().size(reply.withContacts(nearest.subList(0, sizeOf(reply) + 1))))
                .isGreaterThan(1_200);
        full.receive(asker, command(6));
        full.answer(full.calls.get(1), ErrorCode.NONE, Bytes.EMPTY);
        assertThat(full.replies().get(1).contacts()).isEqualTo(nearest);
    }

    @Test
    void what_does_not_fit_even_as_an_error_is_silence() {
        Bench tiny = handling(Bench.setup().size(message -> 1_000_000).build());
        assertThat(tiny.ask(PEER, new Request(1, null, null, Command.FIND_NODE, Bench.ID, null, null)))
                .isNull();
        tiny.receive(PEER, command(5));
        tiny.answer(tiny.calls.get(0), ErrorCode.NONE, VALUE);
        assertThat(tiny.sent).isEmpty();
    }
}
