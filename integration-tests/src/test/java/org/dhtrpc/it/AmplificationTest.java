package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.it.Loopback.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever forges a source cannot have a node send more than three times as much there, counted on the wire. */
class AmplificationTest {
    private static final Bytes LARGE = Bytes.of(new byte[1_000]);

    /** A third of a reply with 20 contacts. */
    private static final int ROOM_FOR_ALL = 283;

    private final Stranger stranger = new Stranger();
    private final Stranger onlooker = new Stranger();
    private final Loopback network = new Loopback();
    private Amplification amplification;
    private Dht node;
    private Endpoint address;

    @BeforeEach
    void start() {
        amplification = new Amplification(1);
        node = amplification.node();
        address = node.localAddress();
    }

    @AfterEach
    void close() {
        stranger.close();
        onlooker.close();
        network.close();
        amplification.close();
    }

    @Test
    void no_kind_of_request_brings_more_than_three_times_its_bytes() {
        amplification.everyKind();
        holds();
    }

    @Test
    void no_row_of_random_requests_brings_more_than_three_times_its_bytes() {
        amplification.random(5_000, Duration.ofMinutes(1));
        holds();
    }

    private void holds() {
        Findings findings = amplification.findings();
        assertThat(findings.broken()).as(findings.toString()).isEmpty();
    }

    @Test
    void a_value_that_does_not_fit_is_kept_back_until_the_address_is_proven() {
        Reply refusal = stranger.ask(address, stranger.request(address, "large", false, null, null));
        assertThat(refusal.error()).isEqualTo(ErrorCode.PROVE_ADDRESS);
        assertThat(refusal.value()).isNull();

        Reply reply = stranger.ask(address, stranger.request(address, "large", false, refusal.token(), null));
        assertThat(reply.error()).isEqualTo(ErrorCode.NONE);
        assertThat(reply.value()).isEqualTo(LARGE);
    }

    @Test
    void a_reply_has_as_many_contacts_as_fit_and_padding_or_a_token_makes_room_for_all() {
        Request small = stranger.findNode(address, null, null);
        Reply some = stranger.ask(address, small);
        assertThat(some.contacts()).isNotNull().isNotEmpty().hasSizeLessThan(20);

        int missing = ROOM_FOR_ALL - stranger.encoded(small).length;
        assertThat(stranger.ask(address, padded(small, missing)).contacts()).hasSize(20);
        assertThat(stranger.ask(address, stranger.findNode(address, null, some.token()))
                        .contacts())
                .hasSize(20);
    }

    private Request padded(Request request, int padding) {
        return new Request(
                stranger.transaction(),
                request.sender(),
                request.to(),
                request.command(),
                request.target(),
                request.commit(),
                request.token(),
                request.value(),
                null,
                padding);
    }

    @Test
    void a_ping_back_and_the_reply_are_together_at_most_three_times_the_request() {
        for (int i = 0; i < 10; i++) {
            try (Stranger fresh = new Stranger()) {
                byte[] datagram = fresh.encoded(fresh.findNode(address, Key.hashOf(Bytes.of((byte) i)), null));
                fresh.send(address, datagram);
                onlooker.untilPong(address);

                assertThat(fresh.arrived()).isNotEmpty();
                assertThat(fresh.received()).isLessThanOrEqualTo(3L * datagram.length);
            }
        }
    }

    @Test
    void a_repeat_of_what_was_answered_brings_no_more_than_another_request() {
        byte[] datagram = stranger.encoded(stranger.request(address, "large", false, null, Bytes.of(new byte[250])));
        for (int i = 1; i <= 20; i++) {
            stranger.send(address, datagram);
            onlooker.untilPong(address);
        }
        assertThat(stranger.arrived()).isNotEmpty();
        assertThat(stranger.received()).isLessThanOrEqualTo(3L * 20 * datagram.length);
    }

    @Test
    void nodes_among_themselves_get_large_values_and_full_replies_all_the_same() {
        Dht caller = network.start();
        assertThat(await(caller.request(address, Query.of("large", Key.ZERO))).value())
                .isEqualTo(LARGE);

        List<Integer> sizes = new ArrayList<>();
        Dht tapped = network.start(
                new Wiretap(network.socket(), (out, peer, datagram) -> {
                    if (!out && peer.equals(address)) {
                        sizes.add(datagram.length);
                    }
                }),
                builder -> builder.bootstrap(address));
        await(tapped.ready());
        Reply full = fullReply();
        assertThat(sizes.stream().mapToInt(Integer::intValue).max().orElse(0))
                .isGreaterThanOrEqualTo(stranger.encoded(full).length - 40);
    }

    /** What a node says whom nothing limits; its own id and the length of numbers aside. */
    private Reply fullReply() {
        Reply first = stranger.ask(address, stranger.findNode(address, null, null));
        return stranger.ask(address, stranger.findNode(address, null, first.token()));
    }
}
