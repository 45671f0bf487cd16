package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** When it is decided whether a node is listed: at once, after a while, again, or never. */
class StandingTest {
    private final Peer[] peers =
            IntStream.rangeClosed(1, 5).mapToObj(Peer::bound).toArray(Peer[]::new);

    StandingTest() {
        List<Contact> all = Arrays.stream(peers).map(Peer::contact).toList();
        for (Peer peer : peers) {
            peer.knows = all;
        }
    }

    private Bench started(Setup setup) {
        Bench bench = setup.build().with(peers).sibling();
        bench.bootstrap(peers[0]);
        return bench;
    }

    private static Setup adaptive() {
        return Bench.setup().boundIds().standing(Standing.ADAPTIVE);
    }

    private void closed(Bench bench) {
        bench.open = false;
    }

    /** Goes on until so many checks have failed, and says how long that took, in seconds. */
    private static long untilFailed(Bench bench, int times) {
        long begun = bench.now;
        while (count(bench, DhtEvent.StaysEphemeral.class) < times) {
            bench.runMillis(500);
            assertThat(bench.now - begun).isLessThan(Duration.ofHours(3).toNanos());
        }
        return (bench.now - begun) / 1_000_000_000;
    }

    private static long count(Bench bench, Class<? extends DhtEvent> kind) {
        return bench.events.stream().filter(kind::isInstance).count();
    }

    private static List<Request> checks(Bench bench) {
        return bench.requests().stream()
                .filter(request -> request.command().equals(Command.PING_NAT))
                .toList();
    }

    private void suspendAndResume(Bench bench, Duration pause) {
        bench.machine.suspend(bench.now);
        bench.drain();
        bench.run(pause);
        bench.machine.resume(bench.now);
        bench.drain();
        bench.bootstrap(peers[0]);
    }

    private static void oversleep(Bench bench, Duration late) {
        bench.now = bench.machine.deadline() + late.toNanos();
        bench.machine.advance(bench.now);
        bench.drain();
    }

    @Test
    void what_fails_is_tried_again_after_a_minute_then_ever_more_seldom_up_to_an_hour() {
        Bench bench = started(Bench.setup().boundIds());
        closed(bench);
        untilFailed(bench, 1);
        List<Long> waits = new ArrayList<>();
        for (int times = 2; times <= 9; times++) {
            waits.add(untilFailed(bench, times) / 60);
        }
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
        assertThat(bench.machine.ephemeral()).isTrue();
        bench.open = true;
        bench.run(Duration.ofMinutes(61));
        assertThat(bench.machine.ephemeral()).isFalse();
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
    }

    @Test
    void who_becomes_persistent_later_is_made_known_then() {
        Bench bench = started(Bench.setup().boundIds());
        closed(bench);
        untilFailed(bench, 1);
        bench.open = true;
        bench.run(Duration.ofSeconds(62));
        Key id = Setup.boundId(Bench.HERE);
        assertThat(bench.machine.id()).isEqualTo(id);
        for (Peer peer : peers) {
            assertThat(peer.asked)
                    .anyMatch(request -> id.equals(request.sender())
                            && id.equals(request.target())
                            && peer.token.equals(request.token()));
        }
    }

    @Test
    void without_a_second_socket_it_says_so_joins_and_stays_ephemeral() {
        Bench bench = Bench.setup().boundIds().build().with(peers);
        bench.bootstrap(peers[0]);
        bench.runMillis(2_000);
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
        assertThat(bench.events)
                .filteredOn(DhtEvent.StaysEphemeral.class::isInstance)
                .singleElement()
                .asString()
                .contains("no second socket");
        assertThat(bench.sent).noneMatch(Effect.Send::sibling);
        assertThat(bench.machine.ephemeral()).isTrue();
    }

    @Test
    void the_first_node_of_a_network_decides_as_soon_as_somebody_has_seen_it() {
        Bench bench = Bench.setup().boundIds().build().with(peers).sibling();
        bench.bootstrap();
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
        assertThat(bench.machine.ephemeral()).isTrue();
        assertThat(count(bench, DhtEvent.StaysEphemeral.class)).isEqualTo(1);
        bench.runMillis(10_000);
        bench.receive(
                peers[0].endpoint,
                new Request(1, peers[0].id, Bench.HERE, Command.PING, null, null, null).withPadding(300));
        bench.runMillis(1_000);
        assertThat(bench.machine.ephemeral()).isFalse();
        assertThat(bench.machine.id()).isEqualTo(Setup.boundId(Bench.HERE));
    }

    @Test
    void so_does_one_whose_first_voter_says_again_what_it_has_said() {
        Bench bench = Bench.setup().boundIds().build().with(peers).sibling();
        bench.bootstrap();
        peers[0].listed = false;
        bench.ping(peers[0]);
        bench.runMillis(1_000);
        assertThat(bench.machine.ephemeral())
                .as("nobody is known who could say")
                .isTrue();
        peers[0].listed = true;
        bench.ping(peers[0]);
        bench.runMillis(1_000);
        assertThat(bench.machine.ephemeral()).isFalse();
    }

    @Test
    void a_node_that_is_alone_with_an_ephemeral_bootstrap_node_is_checked_by_that() {
        peers[0].listed = false;
        peers[0].knows = List.of();
        Bench bench = started(Bench.setup().boundIds());
        bench.runMillis(2_000);
        assertThat(bench.states()).as("nobody else is there").containsOnly(DhtState.ALONE);
        assertThat(bench.machine.ephemeral()).isFalse();
        assertThat(checks(bench)).hasSize(1);
    }

    @Test
    void a_check_that_fails_is_not_made_again_at_each_attempt_of_a_lonely_node() {
        peers[0].listed = false;
        peers[0].knows = List.of();
        Bench bench = started(Bench.setup().boundIds());
        closed(bench);
        untilFailed(bench, 1);
        int before = checks(bench).size();
        for (int i = 0; i < 20; i++) {
            bench.bootstrap(peers[0]);
            bench.runMillis(1_000);
        }
        assertThat(checks(bench)).hasSize(before);
        assertThat(bench.machine.stats().state()).isEqualTo(DhtState.ALONE);
    }

    @Test
    void where_there_is_no_firewall_it_is_enough_that_others_agree_on_the_port() {
        Bench bench = started(Bench.setup().boundIds().firewalled(false));
        assertThat(bench.sent).noneMatch(Effect.Send::sibling);
        bench.runMillis(2_000);
        assertThat(checks(bench)).isEmpty();
        assertThat(bench.machine.id()).isEqualTo(Setup.boundId(Bench.HERE));

        for (int i = 0; i < peers.length; i++) {
            peers[i].sees = Endpoint.of(Bench.HERE.address(), 5_000 + i);
        }
        Bench many = started(Bench.setup().boundIds().firewalled(false));
        many.runMillis(2_000);
        assertThat(many.machine.ephemeral()).isTrue();
        assertThat(many.machine.publicAddress()).isEqualTo(Endpoint.of(Bench.HERE.address(), 0));
        assertThat(many.events)
                .filteredOn(DhtEvent.StaysEphemeral.class::isInstance)
                .singleElement()
                .asString()
                .contains("do not agree at which port");
    }

    @Test
    void an_adaptive_node_is_checked_once_it_has_been_up_for_20_minutes() {
        Bench bench = started(adaptive());
        bench.runMillis(2_000);
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
        bench.run(Duration.ofMinutes(19));
        assertThat(checks(bench)).isEmpty();
        assertThat(bench.machine.ephemeral()).isTrue();
        bench.run(Duration.ofMinutes(2));
        assertThat(bench.machine.ephemeral()).isFalse();
        assertThat(bench.machine.id()).isEqualTo(Setup.boundId(Bench.HERE));
    }

    @Test
    void then_every_hour() {
        Bench bench = started(adaptive());
        closed(bench);
        assertThat(untilFailed(bench, 1) / 60).isEqualTo(20);
        assertThat(untilFailed(bench, 2) / 60).isEqualTo(60);
        assertThat(untilFailed(bench, 3) / 60).isEqualTo(60);
    }

    @Test
    void where_ids_are_random_too_an_adaptive_node_keeps_its_id_to_itself_until_then() {
        Bench bench = started(Bench.setup().standing(Standing.ADAPTIVE));
        bench.run(Duration.ofMinutes(19));
        assertThat(bench.requests()).extracting(Request::sender).containsOnlyNulls();
        bench.run(Duration.ofMinutes(2));
        assertThat(bench.identified).isEmpty();
        assertThat(bench.events).contains(new DhtEvent.BecamePersistent(Bench.ID, Bench.HERE));
        assertThat(bench.machine.id()).isEqualTo(Bench.ID);
        assertThat(bench.lastRequest().sender()).isEqualTo(Bench.ID);
    }

    @Test
    void once_it_has_slept_it_is_ephemeral_again_for_an_hour() {
        for (boolean suspended : new boolean[] {false, true}) {
            Bench bench = started(adaptive());
            bench.run(Duration.ofMinutes(22));
            assertThat(bench.machine.ephemeral()).isFalse();
            if (suspended) {
                suspendAndResume(bench, Duration.ofHours(1));
            } else {
                oversleep(bench, Duration.ofHours(1));
                bench.bootstrap(peers[0]);
            }
            assertThat(bench.machine.ephemeral()).isTrue();
            assertThat(bench.events).contains(new DhtEvent.BecameEphemeral());
            bench.sent.clear();
            bench.run(Duration.ofMinutes(59));
            assertThat(bench.requests())
                    .isNotEmpty()
                    .extracting(Request::sender)
                    .containsOnlyNulls();
            assertThat(bench.sent).allMatch(Effect.Send::sibling);
            assertThat(bench.machine.stats().state()).isEqualTo(DhtState.JOINED);
            bench.run(Duration.ofMinutes(3));
            assertThat(bench.machine.ephemeral()).isFalse();
        }
    }

    @Test
    void a_check_that_came_due_while_it_slept_is_not_made_on_waking() {
        for (boolean firewalled : new boolean[] {false, true}) {
            Bench bench = started(adaptive().firewalled(firewalled));
            bench.runMillis(2_000);
            oversleep(bench, Duration.ofMinutes(90));
            bench.bootstrap(peers[0]);
            bench.run(Duration.ofMinutes(59));
            assertThat(bench.machine.ephemeral()).isTrue();
            bench.run(Duration.ofMinutes(3));
            assertThat(bench.machine.ephemeral()).isFalse();
        }
    }

    @Test
    void what_was_sent_with_an_id_is_not_repeated_from_the_sibling() {
        Bench bench = started(adaptive());
        bench.run(Duration.ofMinutes(22));
        Peer silent = Peer.bound(99);
        bench.request(silent.endpoint, Command.PING, Duration.ofMinutes(10));
        bench.sent.clear();
        oversleep(bench, Duration.ofSeconds(40));
        assertThat(bench.machine.ephemeral()).isTrue();
        bench.runMillis(20_000);
        assertThat(bench.requestsTo(silent.endpoint)).isNotEmpty();
        assertThat(bench.sent)
                .noneMatch(send -> send.sibling() && send.message().sender() != null);
    }

    @Test
    void an_ephemeral_node_stays_so_and_wants_no_second_socket() {
        Bench bench = started(Bench.setup().boundIds().ephemeral());
        assertThat(bench.machine.wantsSibling()).isFalse();
        bench.run(Duration.ofHours(3));
        assertThat(checks(bench)).isEmpty();
        assertThat(bench.requests()).extracting(Request::sender).containsOnlyNulls();
        assertThat(count(bench, DhtEvent.StaysEphemeral.class)).isZero();
        assertThat(bench.machine.publicAddress()).as("but it knows its address").isEqualTo(Bench.HERE);
    }

    @Test
    void who_is_told_its_address_is_persistent_from_the_start_and_believes_nobody_else() {
        Endpoint told = Endpoint.parse("203.0.113.77:3282");
        for (Standing standing : List.of(Standing.PERSISTENT, Standing.ADAPTIVE)) {
            Bench bench = started(Bench.setup().boundIds().standing(standing).publicAddress(told));
            assertThat(bench.machine.wantsSibling()).isFalse();
            bench.run(Duration.ofHours(2));
            assertThat(bench.requests()).extracting(Request::sender).containsOnly(Bench.ID);
            assertThat(checks(bench)).isEmpty();
            assertThat(bench.machine.publicAddress()).isEqualTo(told);
            assertThat(count(bench, DhtEvent.AddressChanged.class)).isZero();
            oversleep(bench, Duration.ofHours(1));
            assertThat(bench.machine.ephemeral()).isFalse();
        }
    }

    @Test
    void who_is_told_its_address_knows_itself_there() {
        Endpoint told = Endpoint.parse("203.0.113.77:3282");
        Peer ourselves = new Peer(Key.ZERO, told);
        Bench bench = Bench.setup().publicAddress(told).build().with(ourselves);
        bench.bootstrap(ourselves);
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
        assertThat(ourselves.asked).isEmpty();
    }

    @Test
    void nothing_is_left_of_a_check_when_the_node_rests_and_it_is_made_afresh_afterwards() {
        Bench bench = started(Bench.setup().boundIds());
        closed(bench);
        while (checks(bench).isEmpty()) {
            bench.runMillis(1);
        }
        bench.machine.suspend(bench.now);
        bench.drain();
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        bench.run(Duration.ofHours(2));
        assertThat(count(bench, DhtEvent.StaysEphemeral.class)).isZero();
        int before = checks(bench).size();
        bench.open = true;
        bench.machine.resume(bench.now);
        bench.drain();
        bench.bootstrap(peers[0]);
        bench.runMillis(2_000);
        assertThat(checks(bench)).hasSizeGreaterThan(before);
        assertThat(bench.machine.ephemeral()).isFalse();
        assertThat(bench.states()).containsExactly(DhtState.SUSPENDED, DhtState.JOINING, DhtState.JOINED);
    }

    @Test
    void nothing_comes_of_an_id_that_is_made_too_late() {
        Setup setup = Bench.setup().boundIds();
        setup.identifies = false;
        for (boolean closes : new boolean[] {false, true}) {
            Bench bench = started(setup);
            bench.runMillis(2_000);
            assertThat(bench.identified).containsExactly(Bench.HERE);
            if (closes) {
                bench.close();
            } else {
                bench.machine.suspend(bench.now);
            }
            bench.machine.reidentify(bench.now, Setup.boundId(Bench.HERE), Bench.HERE);
            bench.drain();
            assertThat(bench.machine.ephemeral()).isTrue();
            assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
            assertThat(count(bench, DhtEvent.BecamePersistent.class)).isZero();
        }
    }

    @Test
    void an_id_that_was_not_asked_for_or_comes_twice_changes_nothing() {
        Bench bench = started(Bench.setup().boundIds());
        bench.machine.reidentify(bench.now, Key.ZERO, Bench.HERE);
        assertThat(bench.machine.id()).isEqualTo(Bench.ID);
        bench.runMillis(5_000);
        bench.machine.reidentify(bench.now, Setup.boundId(Bench.HERE), Bench.HERE);
        bench.drain();
        assertThat(count(bench, DhtEvent.BecamePersistent.class)).isEqualTo(1);
    }
}
