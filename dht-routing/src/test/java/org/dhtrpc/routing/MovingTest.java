package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** Who counts when others say at which address they see a node, and a persistent one whose address changes. */
class MovingTest {
    private static final Endpoint ELSEWHERE = Endpoint.parse("192.0.2.99:3282");
    private static final int PEERS = 20;

    private final Peer[] peers =
            IntStream.rangeClosed(1, PEERS).mapToObj(Peer::bound).toArray(Peer[]::new);

    MovingTest() {
        List<Contact> all = Arrays.stream(peers).map(Peer::contact).toList();
        for (Peer peer : peers) {
            peer.knows = all;
        }
    }

    /** One that has joined, been checked, and been seen by all. */
    private Bench persistent() {
        Bench bench = Bench.setup().boundIds().build().with(peers).sibling();
        bench.bootstrap(peers[0]);
        bench.runMillis(6_000);
        assertThat(bench.machine.id()).isEqualTo(Setup.boundId(Bench.HERE));
        bench.identified.clear();
        bench.events.clear();
        bench.sent.clear();
        return bench;
    }

    private void see(Endpoint us, int first, int count) {
        for (int i = first; i < first + count; i++) {
            peers[i].sees = us;
        }
    }

    private void ping(Bench bench, int first, int count) {
        for (int i = first; i < first + count; i++) {
            bench.ping(peers[i]);
        }
        bench.runMillis(100);
    }

    private static List<Endpoint> addresses(Bench bench) {
        return bench.events.stream()
                .filter(DhtEvent.AddressChanged.class::isInstance)
                .map(event -> ((DhtEvent.AddressChanged) event).address())
                .toList();
    }

    @Test
    void where_it_is_persistent_is_where_it_is_seen() {
        Bench bench = Bench.setup().boundIds().build().with(peers).sibling();
        bench.bootstrap(peers[0]);
        while (bench.identified.isEmpty()) {
            assertThat(bench.machine.publicAddress()).isNotEqualTo(Bench.HERE);
            bench.runMillis(1);
        }
        assertThat(bench.machine.publicAddress()).isEqualTo(Bench.HERE);
        bench.runMillis(5_000);
        assertThat(addresses(bench)).as("no news").containsExactly(Endpoint.of(Bench.SIBLING.address(), 0));
    }

    @Test
    void one_that_was_moved_gets_another_id_and_makes_it_known() {
        Bench bench = persistent();
        List<Contact> contacts = bench.contacts();
        see(ELSEWHERE, 0, PEERS);
        ping(bench, 0, PEERS);
        Key id = Setup.boundId(ELSEWHERE);
        assertThat(bench.identified).containsExactly(ELSEWHERE);
        assertThat(bench.machine.id()).isEqualTo(id);
        assertThat(bench.events).contains(new DhtEvent.BecamePersistent(id, ELSEWHERE));
        assertThat(addresses(bench)).endsWith(ELSEWHERE);
        bench.runMillis(2_000);
        assertThat(bench.requests())
                .anyMatch(request ->
                        id.equals(request.target()) && id.equals(request.sender()) && request.token() != null);
        assertThat(bench.contacts()).containsAll(contacts);
        assertThat(bench.machine.stats().state()).isEqualTo(DhtState.JOINED);
    }

    @Test
    void it_takes_four_to_say_so_after_a_pause_and_they_may_say_it_one_by_one() {
        Bench bench = persistent();
        bench.machine.suspend(bench.now);
        bench.drain();
        bench.machine.resume(bench.now);
        bench.drain();
        see(ELSEWHERE, 0, PEERS);
        for (int i = 0; i < 3; i++) {
            ping(bench, i, 1);
        }
        assertThat(bench.identified).isEmpty();
        assertThat(bench.machine.publicAddress()).isEqualTo(ELSEWHERE);
        ping(bench, 3, 1);
        assertThat(bench.identified).containsExactly(ELSEWHERE);
        assertThat(bench.machine.id()).isEqualTo(Setup.boundId(ELSEWHERE));
    }

    @Test
    void after_a_pause_a_node_that_has_moved_joins_with_its_new_id() {
        Bench bench = persistent();
        bench.machine.suspend(bench.now);
        bench.drain();
        see(ELSEWHERE, 0, PEERS);
        bench.machine.resume(bench.now);
        bench.drain();
        bench.bootstrap(peers[0]);
        bench.runMillis(6_000);
        Key id = Setup.boundId(ELSEWHERE);
        assertThat(bench.machine.id()).isEqualTo(id);
        assertThat(bench.machine.stats().state()).isEqualTo(DhtState.JOINED);
        for (Peer peer : peers) {
            assertThat(peer.asked)
                    .as("%s was told", peer.endpoint)
                    .anyMatch(request -> id.equals(request.target()) && request.token() != null);
        }
    }

    @Test
    void three_liars_of_sixteen_cannot_move_it_and_none_says_so_often_enough() {
        Bench bench = persistent();
        ping(bench, 0, PEERS);
        see(ELSEWHERE, 17, 3);
        for (int i = 0; i < 50; i++) {
            ping(bench, 17, 3);
        }
        assertThat(bench.identified).isEmpty();
        assertThat(bench.machine.publicAddress()).isEqualTo(Bench.HERE);
        assertThat(addresses(bench)).isEmpty();
    }

    @Test
    void if_only_the_port_is_in_doubt_it_keeps_its_id() {
        Bench bench = persistent();
        for (int i = 0; i < PEERS; i++) {
            peers[i].sees = Endpoint.of(Bench.HERE.address(), 6_000 + i);
        }
        ping(bench, 0, PEERS);
        assertThat(bench.identified).isEmpty();
        assertThat(bench.machine.publicAddress()).isEqualTo(Endpoint.of(Bench.HERE.address(), 0));
        assertThat(bench.machine.id()).isEqualTo(Setup.boundId(Bench.HERE));
    }

    @Test
    void an_id_is_asked_for_once_however_long_it_takes() {
        Setup setup = Bench.setup().boundIds().firewalled(false);
        setup.identifies = false;
        Bench bench = setup.build().with(peers);
        bench.bootstrap(peers[0]);
        bench.runMillis(3_000);
        ping(bench, 0, PEERS);
        assertThat(bench.identified).containsExactly(Bench.HERE);
        assertThat(bench.joined).isEmpty();
        bench.machine.reidentify(bench.now, Setup.boundId(Bench.HERE), Bench.HERE);
        bench.drain();
        bench.runMillis(1_000);
        assertThat(bench.states()).containsExactly(DhtState.JOINED);

        see(ELSEWHERE, 0, PEERS);
        ping(bench, 0, PEERS);
        ping(bench, 0, PEERS);
        assertThat(bench.identified).containsExactly(Bench.HERE, ELSEWHERE);
        assertThat(bench.machine.id()).isEqualTo(Setup.boundId(Bench.HERE));
    }

    @Test
    void where_ids_are_random_it_keeps_its_id_wherever_it_is() {
        Bench bench = Bench.setup().knows(peers).build().with(peers);
        bench.bootstrap();
        ping(bench, 0, PEERS);
        see(ELSEWHERE, 0, PEERS);
        ping(bench, 0, PEERS);
        assertThat(bench.identified).isEmpty();
        assertThat(bench.machine.id()).isEqualTo(Bench.ID);
        assertThat(addresses(bench)).startsWith(Bench.HERE).endsWith(ELSEWHERE);
    }

    @Test
    void who_says_an_address_of_nobody_or_none_at_all_does_not_vote() {
        Bench bench = Bench.setup().build().with(peers);
        for (String nobody : List.of("0.0.0.0:7", "224.0.0.1:7", "203.0.113.7:0", "[::]:7")) {
            peers[0].sees = Endpoint.parse(nobody);
            bench.request(peers[0].endpoint, Command.FIND_NODE, Duration.ofSeconds(5));
            bench.runMillis(100);
        }
        peers[0].sees = null;
        bench.request(peers[0].endpoint, Command.FIND_NODE, Duration.ofSeconds(5));
        bench.runMillis(100);
        assertThat(bench.machine.publicAddress()).isNull();
        assertThat(bench.machine.stats().repliesReceived()).isEqualTo(5);
        assertThat(addresses(bench)).isEmpty();
    }

    @Test
    void what_nobody_has_asked_for_is_no_vote() {
        Bench bench = Bench.setup().build();
        for (int i = 0; i < 5; i++) {
            bench.receive(
                    peers[i].endpoint,
                    new Request(i, peers[i].id, ELSEWHERE, Command.PING, null, null, null).withPadding(300));
            bench.receive(peers[i].endpoint, new Reply(i, peers[i].id, ELSEWHERE, null, null, 0, null));
        }
        assertThat(bench.machine.publicAddress()).isNull();
    }

    @Test
    void on_a_wire_without_receivers_a_pong_that_carries_the_address_is_a_vote() {
        Bench bench = Bench.setup().wire(15, false, true).build();
        for (Command command : List.of(Command.PING, Command.DELAYED_PING)) {
            Peer peer = peers[command.number()];
            bench.machine.request(
                    bench.now,
                    peer.endpoint,
                    command,
                    null,
                    Arguments.ofDelay(Duration.ofMillis(5)),
                    null,
                    5_000_000_000L,
                    null);
            bench.drain();
            Request ping = bench.lastRequest();
            Endpoint seen = Endpoint.of(ELSEWHERE.address(), 1 + command.number());
            bench.receive(
                    peer.endpoint,
                    new Reply(ping.transaction(), peer.id, null, null, peer.token, 0, SeenAddress.write(seen)));
        }
        assertThat(bench.machine.publicAddress()).isEqualTo(Endpoint.of(ELSEWHERE.address(), 0));
        assertThat(bench.answered.keySet())
                .hasSize(2)
                .allSatisfy(
                        ping -> assertThat(bench.answerTo(ping).reply().to()).isNotNull());
    }

    @Test
    void on_a_wire_that_says_it_nowhere_nothing_is_known() {
        Bench bench = Bench.setup().wire(15, false, true).build();
        bench.request(peers[0].endpoint, Command.FIND_NODE, Duration.ofSeconds(5));
        bench.receive(
                peers[0].endpoint,
                new Reply(bench.lastRequest().transaction(), peers[0].id, null, null, peers[0].token, 0, null));
        assertThat(bench.machine.publicAddress()).isNull();
        assertThat(bench.contacts()).containsExactly(peers[0].contact());
    }
}
