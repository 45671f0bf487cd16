package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** How a node becomes persistent where its id follows from its address. */
class ReachabilityTest {
    private static final Key NEW_ID = Setup.boundId(Bench.HERE);
    private static final Endpoint ELSEWHERE = Endpoint.parse("192.0.2.99:3282");

    private Peer[] peers = new Peer[0];

    ReachabilityTest() {
        crowd(5);
    }

    /** So many others, each of whom knows all. */
    private void crowd(int number) {
        peers = IntStream.rangeClosed(1, number).mapToObj(Peer::bound).toArray(Peer[]::new);
        List<Contact> all = Arrays.stream(peers).map(Peer::contact).toList();
        for (Peer peer : peers) {
            peer.knows = all;
        }
    }

    private static Setup setup() {
        return Bench.setup().boundIds();
    }

    /** One that has a sibling socket and has been told of the bootstrap node. */
    private Bench started(Setup setup) {
        Bench bench = setup.build().with(peers).sibling();
        bench.bootstrap(peers[0]);
        return bench;
    }

    private Bench settled(Setup setup) {
        Bench bench = started(setup);
        bench.runMillis(6_000);
        return bench;
    }

    private static List<Effect.Send> checks(Bench bench) {
        return bench.sent.stream()
                .filter(send -> send.message() instanceof Request request
                        && request.command().equals(Command.PING_NAT))
                .toList();
    }

    private static List<String> reasons(Bench bench) {
        List<String> reasons = new ArrayList<>();
        for (DhtEvent event : bench.events) {
            if (event instanceof DhtEvent.StaysEphemeral stays) {
                reasons.add(stays.reason());
            }
        }
        return reasons;
    }

    private static void assertStaysEphemeral(Bench bench) {
        assertThat(bench.machine.ephemeral()).isTrue();
        assertThat(bench.identified).isEmpty();
        assertThat(reasons(bench)).hasSize(1);
        assertThat(bench.states()).as("joined all the same").containsExactly(DhtState.JOINED);
    }

    private static void assertPersistent(Bench bench, Endpoint address) {
        assertThat(bench.machine.ephemeral()).isFalse();
        assertThat(bench.machine.id()).isEqualTo(Setup.boundId(address));
        assertThat(bench.machine.publicAddress()).isEqualTo(address);
        assertThat(bench.events).contains(new DhtEvent.BecamePersistent(Setup.boundId(address), address));
        assertThat(reasons(bench)).isEmpty();
    }

    @Test
    void it_begins_ephemeral_and_asks_from_the_sibling_until_it_was_checked() {
        Bench bench = started(setup());
        assertThat(bench.machine.ephemeral()).isTrue();
        while (bench.identified.isEmpty()) {
            assertThat(bench.sent).allSatisfy(send -> {
                assertThat(send.sibling()).isTrue();
                assertThat(send.message().sender()).isNull();
            });
            bench.runMillis(1);
        }
        int before = bench.sent.size();
        bench.runMillis(5_000);
        assertThat(bench.sent.subList(before, bench.sent.size())).isNotEmpty().allSatisfy(send -> {
            assertThat(send.sibling()).isFalse();
            assertThat(send.message().sender()).isEqualTo(NEW_ID);
        });
    }

    @Test
    void after_joining_five_are_asked_to_answer_to_the_port_of_the_main_socket() {
        crowd(7);
        Bench bench = settled(setup());
        assertThat(checks(bench)).hasSize(5).allSatisfy(send -> {
            assertThat(send.sibling()).isTrue();
            assertThat(send.message().value()).isEqualTo(Bytes.of((byte) 0xD2, (byte) 0x0C));
        });
        assertThat(checks(bench)).extracting(Effect.Send::to).doesNotHaveDuplicates();
        assertPersistent(bench, Bench.HERE);
    }

    @Test
    void it_is_ready_only_after_those_around_its_new_id_were_told() {
        Bench bench = started(setup());
        while (bench.identified.isEmpty()) {
            assertThat(bench.joined).isEmpty();
            bench.runMillis(1);
        }
        List<Contact> contacts = bench.contacts();
        assertThat(contacts).isNotEmpty();
        int before = bench.sent.size();
        while (bench.joined.isEmpty()) {
            bench.runMillis(1);
        }
        List<Request> since = bench.requests().subList(before, bench.requests().size());
        assertThat(since).extracting(Request::target).containsOnly(NEW_ID);
        for (Peer peer : peers) {
            assertThat(since)
                    .as("%s was told", peer.endpoint)
                    .anyMatch(request -> peer.endpoint.equals(request.to())
                            && peer.token.equals(request.token())
                            && NEW_ID.equals(request.sender()));
        }
        assertThat(bench.contacts()).containsAll(contacts);
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
        assertThat(bench.events).noneMatch(DhtEvent.ContactRemoved.class::isInstance);
    }

    @Test
    void the_table_is_arranged_around_the_new_id() {
        Bench bench = settled(setup());
        List<Contact> sorted = new ArrayList<>(bench.contacts());
        assertThat(sorted).hasSize(5);
        assertThat(sorted.stream().map(contact -> NEW_ID.commonPrefix(contact.id())))
                .as("the order of buckets")
                .isSorted();
    }

    @Test
    void three_answers_of_five_are_enough() {
        peers[1].unheard = true;
        peers[2].unheard = true;
        assertPersistent(settled(setup()), Bench.HERE);
    }

    @Test
    void two_are_not() {
        peers[1].unheard = true;
        peers[2].unheard = true;
        peers[3].unheard = true;
        assertStaysEphemeral(settled(setup()));
    }

    @Test
    void one_is_enough_where_fewer_are_known() {
        crowd(4);
        peers[1].unheard = true;
        peers[2].unheard = true;
        peers[3].unheard = true;
        Bench bench = settled(setup());
        assertThat(checks(bench)).extracting(Effect.Send::to).hasSizeGreaterThanOrEqualTo(4);
        assertPersistent(bench, Bench.HERE);
    }

    @Test
    void what_comes_back_to_the_sibling_does_not_count() {
        for (Peer peer : peers) {
            peer.ignoresPort = true;
        }
        assertStaysEphemeral(settled(setup()));
    }

    @Test
    void nor_does_the_answer_of_somebody_who_sees_another_port_than_ours() {
        for (Peer peer : peers) {
            peer.sees = Endpoint.of(Bench.HERE.address(), 999);
        }
        assertStaysEphemeral(settled(setup()));
    }

    @Test
    void nor_if_the_main_socket_is_seen_at_another_host_than_the_sibling() {
        Bench bench = setup().build().with(peers).sibling();
        bench.natSees = ELSEWHERE;
        bench.bootstrap(peers[0]);
        bench.runMillis(6_000);
        assertStaysEphemeral(bench);
    }

    @Test
    void answers_to_a_check_are_no_votes() {
        Bench bench = setup().build().with(peers).sibling();
        bench.natSees = ELSEWHERE;
        bench.bootstrap(peers[0]);
        bench.runMillis(6_000);
        assertThat(bench.machine.publicAddress()).isEqualTo(Endpoint.of(Bench.SIBLING.address(), 0));
    }

    @Test
    void it_is_not_passed_if_nobody_reaches_the_main_socket() {
        Bench bench = setup().build().with(peers).sibling();
        bench.open = false;
        bench.bootstrap(peers[0]);
        bench.runMillis(15_000);
        assertStaysEphemeral(bench);
        assertThat(reasons(bench).get(0)).contains("not reached from outside");
        bench.ping(peers[0]);
        assertThat(bench.sent.get(bench.sent.size() - 1).sibling()).isTrue();
        assertThat(bench.lastRequest().sender()).isNull();
        assertThat(bench.contacts()).as("a firewall is no fault of theirs").hasSize(5);
    }
}
