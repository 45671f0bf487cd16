package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Relay.Kind;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pings that are passed on, as on the seed's wire: by us, to us, and for us. */
class RelaysTest {
    private static final Endpoint ASKER = Endpoint.parse("198.51.100.7:7000");

    private final Peer contact = new Peer(Peer.key(Bench.ID, 5), Endpoint.parse("203.0.113.5:5000"));
    private final Bench bench = seeds(Bench.setup().knows(contact)).with(contact);

    private static Bench seeds(Setup setup) {
        return setup.wire(15, false, true).build();
    }

    private static Request relayed(long transaction, Kind kind, Endpoint other) {
        return new Request(
                transaction,
                Peer.key(Bench.ID, 9),
                null,
                Command.PING,
                null,
                false,
                null,
                null,
                new Relay(kind, other),
                0);
    }

    private Effect.@Nullable Send sendAfter(Endpoint from, Request request, int size) {
        int before = bench.sent.size();
        bench.receive(from, request, size);
        return bench.sent.size() == before ? null : bench.sent.get(before);
    }

    private void assertRefused(Endpoint from, Request request) {
        long refused = bench.rejected(Rejection.RELAY_REFUSED);
        assertThat(sendAfter(from, request, 108)).isNull();
        assertThat(bench.rejected(Rejection.RELAY_REFUSED)).isEqualTo(refused + 1);
    }

    @Test
    void a_ping_is_passed_on_to_a_contact_once_without_the_id_and_told() {
        assertThat(sendAfter(ASKER, relayed(4, Kind.FORWARD_TO, contact.endpoint), 108))
                .isEqualTo(new Effect.Send(
                        contact.endpoint,
                        new Request(
                                4,
                                null,
                                contact.endpoint,
                                Command.PING,
                                null,
                                false,
                                null,
                                null,
                                new Relay(Kind.ANSWER_TO, ASKER),
                                0),
                        false));
        assertThat(bench.events).contains(new DhtEvent.PingRelayed(ASKER, contact.endpoint));
        assertThat(bench.contacts()).hasSize(1);
    }

    @Test
    void or_to_whoever_has_answered_in_the_last_minute_and_to_nobody_else() {
        Peer ephemeral = new Peer(Peer.key(Bench.ID, 6), Endpoint.parse("203.0.113.6:6000"));
        ephemeral.listed = false;
        ephemeral.value = SeenAddress.write(Bench.HERE);
        bench.with(ephemeral);
        assertRefused(ASKER, relayed(1, Kind.FORWARD_TO, ephemeral.endpoint));
        bench.ping(ephemeral);
        bench.run(Duration.ofSeconds(59));
        assertThat(sendAfter(ASKER, relayed(2, Kind.FORWARD_TO, ephemeral.endpoint), 108))
                .isNotNull();
        bench.run(Duration.ofSeconds(2));
        assertRefused(ASKER, relayed(3, Kind.FORWARD_TO, ephemeral.endpoint));
    }

    @Test
    void a_pong_goes_straight_to_whoever_has_asked_if_we_know_who_passed_it_on() {
        Effect.Send send = sendAfter(contact.endpoint, relayed(4, Kind.ANSWER_TO, ASKER), 108);
        assertThat(send)
                .isEqualTo(new Effect.Send(
                        ASKER, new Reply(4, Bench.ID, ASKER, null, null, 0, SeenAddress.write(ASKER)), false));
        assertRefused(Endpoint.parse("203.0.113.66:6"), relayed(5, Kind.ANSWER_TO, ASKER));
        assertThat(bench.contacts())
                .as("the sender's id is not that of the referrer")
                .hasSize(1);
    }

    @Test
    void nothing_leaves_that_is_larger_than_what_came_in() {
        assertThat(sendAfter(ASKER, relayed(1, Kind.FORWARD_TO, contact.endpoint), 107))
                .isNull();
        assertThat(sendAfter(contact.endpoint, relayed(2, Kind.ANSWER_TO, ASKER), 105))
                .isNull();
        assertThat(bench.rejected(Rejection.RELAY_REFUSED)).isEqualTo(2);
    }

    @Test
    void where_the_id_makes_it_too_large_the_pong_goes_without() {
        Setup setup = Bench.setup().knows(contact).wire(15, false, true);
        Bench narrow = setup.size(message -> message.sender() == null ? 10 : 44).build();
        narrow.receive(contact.endpoint, relayed(4, Kind.ANSWER_TO, ASKER), 17);
        assertThat(narrow.replies()).singleElement().extracting(Reply::sender).isNull();
    }

    @Test
    void an_address_may_ask_for_ten_at_once_and_five_a_second_and_has_ten_a_second_sent_to_it() {
        int passed = 0;
        for (int i = 0; i < 100; i++) {
            passed += sendAfter(ASKER, relayed(i, Kind.FORWARD_TO, contact.endpoint), 108) == null ? 0 : 1;
            bench.runMillis(10);
        }
        assertThat(passed).isBetween(14, 15);
        bench.run(Duration.ofSeconds(3));
        passed = 0;
        for (int i = 0; i < 40; i++) {
            Endpoint asker = Endpoint.of(new byte[] {(byte) 198, 51, 100, (byte) i}, 9);
            passed += sendAfter(asker, relayed(i, Kind.FORWARD_TO, contact.endpoint), 108) == null ? 0 : 1;
        }
        assertThat(passed).isEqualTo(10);
    }

    @Test
    void nobody_is_reached_who_is_nearer_to_us_than_whoever_names_him_nor_ourselves_nor_the_asker() {
        Peer near = new Peer(Peer.key(Bench.ID, 7), Endpoint.parse("192.168.1.7:7000"));
        Bench home = seeds(Bench.setup().knows(near, contact));
        home.receive(ASKER, relayed(1, Kind.FORWARD_TO, near.endpoint), 108);
        home.receive(contact.endpoint, relayed(2, Kind.ANSWER_TO, Endpoint.parse("127.0.0.1:22")), 108);
        assertThat(home.sent).isEmpty();
        assertThat(home.rejected(Rejection.RELAY_REFUSED)).isEqualTo(2);
        assertRefused(ASKER, relayed(3, Kind.FORWARD_TO, Bench.HERE));
        assertRefused(contact.endpoint, relayed(4, Kind.FORWARD_TO, contact.endpoint));
    }

    @Test
    void only_pings_are_relayed_and_only_on_a_wire_that_has_it() {
        Request find = new Request(
                1,
                null,
                null,
                Command.FIND_NODE,
                Bench.ID,
                false,
                null,
                null,
                new Relay(Kind.FORWARD_TO, contact.endpoint),
                0);
        assertRefused(ASKER, find);
        Bench ours = Bench.setup().knows(contact).build();
        ours.receive(ASKER, relayed(1, Kind.FORWARD_TO, contact.endpoint));
        assertThat(ours.sent).isEmpty();
        assertThat(ours.rejected(Rejection.RELAY_REFUSED)).isEqualTo(1);
    }

    private long punch(Endpoint peer, Endpoint referrer) {
        long id = bench.machine.request(
                bench.now,
                referrer,
                Command.PING,
                null,
                null,
                peer,
                Duration.ofSeconds(2).toNanos(),
                null);
        bench.drain();
        return id;
    }

    private static Reply pong(Request request) {
        return new Reply(request.transaction(), null, null, null, null, 0, SeenAddress.write(Bench.HERE));
    }

    @Test
    void a_punch_is_a_ping_by_way_of_the_referrer_that_any_port_of_the_peer_may_answer_and_nobody_else() {
        Endpoint referrer = Endpoint.parse("203.0.113.9:9000");
        long punch = punch(contact.endpoint, referrer);
        Request ping = bench.lastRequest();
        assertThat(bench.sent).last().extracting(Effect.Send::to).isEqualTo(referrer);
        assertThat(ping.relay()).isEqualTo(new Relay(Kind.FORWARD_TO, contact.endpoint));
        bench.receive(referrer, pong(ping));
        bench.receive(ASKER, pong(ping));
        assertThat(bench.rejected(Rejection.UNEXPECTED_REPLY)).isEqualTo(2);
        Endpoint other = Endpoint.of(contact.endpoint.address(), 5_555);
        bench.receive(other, pong(ping));
        assertThat(bench.answerTo(punch).from()).isEqualTo(other);
        assertThat(bench.contacts()).hasSize(1);
    }

    @Test
    void a_punch_that_fails_says_nothing_about_the_referrer() {
        long punch = punch(Endpoint.parse("203.0.113.66:6"), contact.endpoint);
        contact.dead = true;
        bench.run(Duration.ofSeconds(3));
        assertThat(bench.failure(punch)).isEqualTo(Reason.TIMED_OUT);
        assertThat(bench.named()).contains(contact.contact());
    }

    @Test
    void queries_punch_on_such_a_wire_without_a_hole_puncher() {
        Key target = Key.hashOf(Peer.token(1));
        Peer hidden = Peer.at(target, 1);
        Peer guide = Peer.at(target, 1_000).naming(hidden);
        Bench seed = seeds(Bench.setup().knows(guide)).with(guide);
        seed.begin(Query.of(Command.FIND_NODE, target), Long.MAX_VALUE);
        seed.runMillis(2_000);
        assertThat(seed.punches).extracting(Effect.Punch::peer).isEqualTo(List.of(hidden.endpoint));
        assertThat(seed.events).noneMatch(DhtEvent.KeepaliveChanged.class::isInstance);
    }

    /** So many have answered, one after the other, beginning with this number. */
    private void answered(int first, int count) {
        for (int i = first; i < first + count; i++) {
            Peer peer = new Peer(Peer.key(Bench.ID, i), Peer.endpoint(i));
            peer.value = SeenAddress.write(Bench.HERE);
            peer.listed = false;
            bench.with(peer).ping(peer);
            bench.runMillis(10);
        }
    }

    @Test
    void those_who_have_answered_are_remembered_up_to_a_limit() {
        answered(10_000, Relays.MOST + 50);
        assertThat(bench.machine.gauges().lately()).isEqualTo(Relays.MOST);
    }

    @Test
    void and_of_those_of_an_hour_ago_two_are_forgotten_for_each_that_answers() {
        answered(10_000, 400);
        bench.run(Duration.ofMinutes(60));
        int before = bench.machine.gauges().lately();
        answered(20_000, 100);
        assertThat(bench.machine.gauges().lately()).isEqualTo(before - 100);
    }
}
