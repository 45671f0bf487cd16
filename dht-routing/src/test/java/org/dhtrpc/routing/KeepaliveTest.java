package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** A node that has a hole puncher is listed whether strangers reach it or not, and keeps paths open unless they do. */
class KeepaliveTest {
    private final Peer[] near = peers(8, 20, 1);
    private final Peer[] far = peers(0, 40, 100);
    private final Peer first = peers(0, 1, 900)[0].naming(far);

    /** So many of a bucket. */
    private static Peer[] peers(int bucket, int count, int number) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        new Peer(Bench.ID.randomInBucket(bucket, new Random(number + i)), Peer.endpoint(number + i)))
                .toArray(Peer[]::new);
    }

    /** Knows its neighbours, and has been told of others. */
    private Bench joined(Setup setup, boolean open) {
        Bench bench = setup.knows(near).build().with(near).with(far).with(first).sibling();
        bench.open = open;
        bench.bootstrap(first);
        bench.runMillis(3_000);
        return bench;
    }

    private Bench joined(boolean open) {
        return joined(Bench.setup().punching(), open);
    }

    private static List<DhtEvent.KeepaliveChanged> told(Bench bench) {
        return bench.events.stream()
                .filter(DhtEvent.KeepaliveChanged.class::isInstance)
                .map(DhtEvent.KeepaliveChanged.class::cast)
                .toList();
    }

    private static List<Request> checks(Bench bench) {
        return bench.requests().stream()
                .filter(request -> request.command().equals(Command.PING_NAT))
                .toList();
    }

    /** When this one is pinged, in seconds. */
    private static List<Double> pings(Bench bench, Peer peer, int seconds) {
        List<Double> times = new ArrayList<>();
        int known = bench.requestsTo(peer.endpoint).size();
        for (int tenth = 0; tenth < 10 * seconds; tenth++) {
            bench.runMillis(100);
            int now = bench.requestsTo(peer.endpoint).size();
            if (now > known) {
                times.add(tenth / 10.0);
            }
            known = now;
        }
        return times;
    }

    private static void assertKeepsOpen(Bench bench, Peer... nearest) {
        int before = bench.sent.size();
        List<Double> times = pings(bench, nearest[0], 120);
        assertThat(times).hasSizeBetween(4, 8);
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isBetween(14.8, 25.2);
        }
        List<Endpoint> asked = bench.sent.subList(before, bench.sent.size()).stream()
                .filter(send -> !send.sibling() && send.message() instanceof Request)
                .map(Effect.Send::to)
                .toList();
        for (Peer peer : nearest) {
            assertThat(asked.stream().filter(peer.endpoint::equals)).hasSizeBetween(4, 9);
        }
        // The others are pinged as they are anyway, by three every 40 s.
        assertThat(asked.stream().filter(to -> Arrays.stream(nearest).noneMatch(peer -> peer.endpoint.equals(to))))
                .hasSizeLessThanOrEqualTo(12);
        assertThat(asked.size()).as("spread out").isGreaterThan(80);
    }

    @Test
    void whom_strangers_do_not_reach_pings_its_k_nearest_every_15_to_25_s_and_nobody_else() {
        Bench bench = joined(false);
        bench.run(Duration.ofSeconds(10));
        assertThat(bench.machine.ephemeral()).isFalse();
        assertThat(told(bench))
                .extracting(DhtEvent.KeepaliveChanged::reason)
                .containsExactly(Exposure.UNKNOWN, "strangers do not reach the node");
        assertThat(told(bench)).allMatch(DhtEvent.KeepaliveChanged::active);
        assertKeepsOpen(bench, near);
    }

    @Test
    void whom_strangers_reach_sends_nothing() {
        Bench bench = joined(true);
        assertThat(told(bench)).last().isEqualTo(new DhtEvent.KeepaliveChanged(false, "strangers reach the node"));
        bench.run(Duration.ofMinutes(2));
        int before = bench.sent.size();
        bench.run(Duration.ofMinutes(2));
        assertThat(bench.sent.size() - before).isLessThan(20);
        assertThat(bench.machine.gauges().kept()).isZero();
        assertThat(checks(bench)).hasSize(5);
    }

    @Test
    void joining_is_the_same_as_without_a_hole_puncher() {
        Bench with = joined(true);
        Bench without = joined(Bench.setup(), true);
        assertThat(with.states()).isEqualTo(without.states());
        assertThat(first.asked.subList(0, 2)).isNotEmpty();
        assertThat(with.sent.get(0).to()).isEqualTo(without.sent.get(0).to());
        assertThat(with.sent.get(0).sibling()).isFalse();
        assertThat(without.sent).noneMatch(Effect.Send::sibling);
        assertThat(told(without)).isEmpty();
        assertThat(checks(without)).isEmpty();
    }

    @Test
    void what_is_asked_from_the_sibling_tells_nobody_who_we_are() {
        Bench bench = joined(false);
        assertThat(bench.sent).filteredOn(Effect.Send::sibling).hasSize(15).allSatisfy(send -> {
            assertThat(send.message().sender()).isNull();
            assertThat(((Request) send.message()).command()).isEqualTo(Command.PING_NAT);
        });
    }

    @Test
    void an_answer_of_somebody_whom_we_have_called_proves_nothing() {
        Peer[] few = peers(0, 3, 500);
        Peer guide = peers(0, 1, 901)[0].naming(few);
        for (Peer each : few) {
            // By then the search has asked it, too.
            each.latency = Duration.ofMillis(700);
        }
        Bench bench = Bench.setup().punching().build().with(few).with(guide).sibling();
        bench.bootstrap(guide);
        bench.run(Duration.ofSeconds(30));
        assertThat(checks(bench)).isNotEmpty();
        assertThat(told(bench)).containsExactly(new DhtEvent.KeepaliveChanged(true, Exposure.UNKNOWN));
        assertKeepsOpenTo(bench, 4);
    }

    @Test
    void nor_does_one_of_somebody_to_whom_a_caller_has_punched_meanwhile() {
        for (boolean punched : new boolean[] {true, false}) {
            Bench bench = Bench.setup()
                    .punching()
                    .knows(near)
                    .build()
                    .with(near)
                    .with(first)
                    .sibling();
            for (Peer each : far) {
                each.latency = Duration.ofMillis(200);
                bench.with(each);
            }
            bench.bootstrap(first);
            bench.runMillis(100);
            assertThat(checks(bench)).hasSize(5);
            for (Peer each : punched ? far : new Peer[0]) {
                bench.machine.punching(each.endpoint, first.endpoint);
            }
            bench.runMillis(900);
            assertThat(told(bench))
                    .last()
                    .extracting(DhtEvent.KeepaliveChanged::active)
                    .isEqualTo(punched);
        }
    }

    @Test
    void somebody_to_whom_a_caller_has_punched_is_not_asked() {
        Bench bench = Bench.setup()
                .punching()
                .knows(near)
                .build()
                .with(near)
                .with(far)
                .with(first)
                .sibling();
        for (Peer each : far) {
            bench.machine.punching(first.endpoint, each.endpoint);
        }
        bench.bootstrap(first);
        bench.runMillis(3_000);
        assertThat(checks(bench)).isEmpty();
        assertThat(told(bench)).containsExactly(new DhtEvent.KeepaliveChanged(true, Exposure.UNKNOWN));
    }

    private static void assertKeepsOpenTo(Bench bench, int contacts) {
        assertThat(bench.machine.gauges().kept()).isEqualTo(contacts);
    }

    @Test
    void one_that_is_found_out_to_be_hidden_asks_again_and_stops_when_it_is_open() {
        Bench bench = joined(false);
        bench.run(Duration.ofSeconds(10));
        bench.open = true;
        bench.run(Duration.ofSeconds(70));
        assertThat(told(bench)).last().matches(told -> !told.active());
        assertThat(bench.machine.gauges().kept()).isZero();
    }

    @Test
    void without_a_second_socket_or_a_way_to_ask_it_keeps_them_open() {
        Bench alone = Bench.setup().punching().knows(near).build().with(near);
        alone.bootstrap();
        alone.run(Duration.ofMinutes(1));
        assertThat(told(alone)).containsExactly(new DhtEvent.KeepaliveChanged(true, Exposure.UNKNOWN));
        assertKeepsOpen(alone, near);

        Bench speechless = joined(speechless(), true);
        assertThat(checks(speechless)).isEmpty();
        assertKeepsOpenTo(speechless, 20);
    }

    /** A wire without a way to ask. */
    private static Setup speechless() {
        return Bench.setup().punching().wire(64, true, false).wire(true, some -> !some.equals(Command.PING_NAT));
    }

    @Test
    void without_a_way_to_ask_it_wants_no_second_socket_and_remembers_nobody() {
        Bench bench = joined(speechless(), true);
        assertThat(bench.machine.wantsSibling()).isFalse();
        bench.machine.suspend(bench.now);
        bench.machine.resume(bench.now);
        bench.bootstrap(first);
        bench.run(Duration.ofMinutes(30));
        assertThat(bench.machine).extracting("parts.outbox.latest").isEqualTo(new BitSet());

        Bench able = joined(false);
        assertThat(able.machine.wantsSibling()).isTrue();
        assertThat(able.machine).extracting("parts.outbox.latest").isNotEqualTo(new BitSet());
    }

    @Test
    void who_is_ephemeral_or_knows_its_address_or_is_told_that_there_is_no_firewall_keeps_nothing_open() {
        Endpoint told = Endpoint.parse("203.0.113.77:3282");
        for (Setup setup : List.of(
                Bench.setup().ephemeral(),
                Bench.setup().publicAddress(told),
                Bench.setup().firewalled(false),
                Bench.setup().boundIds())) {
            Bench bench = joined(setup.punching(), false);
            bench.run(Duration.ofMinutes(2));
            assertThat(told(bench)).isEmpty();
            assertThat(bench.machine.gauges().kept()).isZero();
        }
    }

    @Test
    void an_adaptive_node_is_listed_after_20_minutes_though_strangers_do_not_reach_it() {
        Bench bench = joined(Bench.setup().standing(Standing.ADAPTIVE).punching(), false);
        bench.run(Duration.ofMinutes(19));
        assertThat(bench.machine.ephemeral()).isTrue();
        assertThat(told(bench)).isEmpty();
        bench.run(Duration.ofMinutes(2));
        assertThat(bench.machine.ephemeral()).isFalse();
        assertThat(bench.events).noneMatch(DhtEvent.StaysEphemeral.class::isInstance);
        assertThat(bench.events)
                .contains(new DhtEvent.BecamePersistent(Bench.ID, Endpoint.of(Bench.HERE.address(), 0)));
        assertThat(told(bench)).singleElement().matches(DhtEvent.KeepaliveChanged::active);
        assertThat(near[0].asked).last().extracting(Request::sender).isEqualTo(Bench.ID);
        assertThat(bench.machine.gauges().kept()).isEqualTo(20);
    }

    @Test
    void and_asks_again_no_sooner_than_after_a_minute() {
        Bench bench = joined(Bench.setup().standing(Standing.ADAPTIVE).punching(), false);
        bench.run(Duration.ofMinutes(20).plusSeconds(30));
        assertThat(bench.machine.ephemeral()).isFalse();
        int before = checks(bench).size();
        assertThat(before).isPositive();
        // Whoever is named by these is somebody to ask.
        bench.begin(Query.of(Command.FIND_NODE, Key.ZERO), Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(20));
        assertThat(checks(bench)).hasSize(before);
        bench.run(Duration.ofSeconds(60));
        assertThat(checks(bench)).hasSizeGreaterThan(before);
    }

    @Test
    void or_without_a_word_of_it_if_they_do() {
        Bench bench = joined(Bench.setup().standing(Standing.ADAPTIVE).punching(), true);
        bench.run(Duration.ofMinutes(21));
        assertThat(bench.machine.ephemeral()).isFalse();
        assertThat(told(bench)).singleElement().matches(told -> !told.active());
        assertThat(bench.machine.gauges().kept()).isZero();
    }

    @Test
    void contacts_that_do_not_answer_are_stale_like_any_other_and_others_are_kept_instead() {
        Bench bench = joined(false);
        bench.run(Duration.ofSeconds(30));
        near[0].dead = true;
        bench.run(Duration.ofSeconds(40));
        assertThat(bench.named()).doesNotContain(near[0].contact());
        assertKeepsOpenTo(bench, 20);
    }

    @Test
    void after_a_pause_nothing_is_known_and_it_keeps_them_open_again() {
        Bench bench = joined(true);
        assertThat(told(bench)).last().matches(told -> !told.active());
        bench.machine.suspend(bench.now);
        bench.drain();
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
        bench.machine.resume(bench.now);
        bench.bootstrap(first);
        bench.run(Duration.ofSeconds(10));
        assertThat(told(bench)).last().isEqualTo(new DhtEvent.KeepaliveChanged(true, Exposure.UNKNOWN));
        assertKeepsOpenTo(bench, 20);
        bench.run(Duration.ofMinutes(70));
        assertThat(told(bench)).last().matches(told -> !told.active());
    }

    @Test
    void who_becomes_ephemeral_after_a_sleep_says_that_it_keeps_nothing_open() {
        Bench bench = joined(Bench.setup().standing(Standing.ADAPTIVE).punching(), false);
        bench.run(Duration.ofMinutes(22));
        assertThat(told(bench)).last().matches(DhtEvent.KeepaliveChanged::active);
        int before = told(bench).size();
        bench.now += Duration.ofMinutes(90).toNanos();
        bench.machine.advance(bench.now);
        bench.drain();
        assertThat(bench.events).anyMatch(DhtEvent.BecameEphemeral.class::isInstance);
        assertThat(bench.machine.gauges().kept()).isZero();
        assertThat(told(bench).subList(before, told(bench).size()))
                .containsExactly(new DhtEvent.KeepaliveChanged(false, "the node is ephemeral"));

        bench.bootstrap(first);
        bench.run(Duration.ofMinutes(59));
        assertThat(told(bench)).hasSize(before + 1);
        bench.run(Duration.ofMinutes(2));
        assertThat(bench.machine.ephemeral()).isFalse();
        assertThat(told(bench)).last().matches(DhtEvent.KeepaliveChanged::active);
    }

    @Test
    void and_who_is_reached_by_strangers_has_nothing_to_say() {
        Bench bench = joined(Bench.setup().standing(Standing.ADAPTIVE).punching(), true);
        bench.run(Duration.ofMinutes(22));
        int before = told(bench).size();
        bench.now += Duration.ofMinutes(90).toNanos();
        bench.machine.advance(bench.now);
        bench.drain();
        assertThat(bench.events).anyMatch(DhtEvent.BecameEphemeral.class::isInstance);
        assertThat(told(bench)).hasSize(before);
    }

    @Test
    void a_node_that_falls_silent_says_so_once() {
        Bench bench = joined(false);
        int before = told(bench).size();
        bench.machine.suspend(bench.now);
        bench.drain();
        assertThat(told(bench)).hasSize(before + 1).last().matches(told -> !told.active());
        bench.close();
        assertThat(told(bench)).hasSize(before + 1);
    }

    @Test
    void whoever_was_called_lately_is_no_stranger_and_nobody_is_remembered_for_ever() {
        Called called = new Called(0);
        long age = Called.REMEMBERED.toNanos();
        Endpoint one = Endpoint.parse("198.51.100.1:1");
        called.add(new Effect.Send(one, Peer.at(Bench.ID, 1).reply(first(one)), false));
        called.add(new Effect.Send(Endpoint.parse("198.51.100.2:1"), first(one), true));
        assertThat(called.has(Endpoint.parse("198.51.100.1:2")))
                .as("another port of a host")
                .isTrue();
        assertThat(called.has(Endpoint.parse("198.51.100.2:1")))
                .as("called from the sibling")
                .isFalse();
        called.age(age - 1);
        called.age(age);
        assertThat(called.has(one)).isTrue();
        called.age(2 * age);
        assertThat(called.has(one)).isFalse();
    }

    private static Request first(Endpoint to) {
        return new Request(1, null, to, Command.PING, null, null, null);
    }

    @Test
    void contacts_of_far_buckets_are_not_among_those_that_are_kept() {
        Bench bench = joined(false);
        List<Contact> nearest = Arrays.stream(near).map(Peer::contact).toList();
        assertThat(bench.contacts()).containsAll(nearest).hasSizeGreaterThan(20);
        assertKeepsOpenTo(bench, 20);
    }
}
