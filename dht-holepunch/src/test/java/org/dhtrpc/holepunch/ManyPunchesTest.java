package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.Laboratory.Peer;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.dhtrpc.testkit.NatType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many punches at once, under one budget, and two of the same pair. */
class ManyPunchesTest {
    private static final Duration WITHIN = Duration.ofMinutes(1);

    private final Laboratory lab = new Laboratory(5, 0, 3);

    @AfterEach
    void close() {
        lab.close();
    }

    private CompletableFuture<PunchResult> begin(Peer from, Peer to) {
        return from.transport
                .punch(lab.where(to, lab.referrer(0)), lab.referrer(0))
                .toCompletableFuture();
    }

    @ParameterizedTest
    @CsvSource({"pr,sym", "sym,pr"})
    void ten_at_once_from_one_end_each_by_many_ports(String here, String there) {
        Peer one = lab.peer(Kinds.of(here));
        List<Peer> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            others.add(lab.peer(Kinds.of(there)));
        }
        lab.network.run(Duration.ofSeconds(4));
        List<Endpoint> targets =
                others.stream().map(other -> lab.where(other, lab.referrer(0))).toList();
        List<CompletableFuture<PunchResult>> calls = targets.stream()
                .map(target -> one.transport.punch(target, lab.referrer(0)).toCompletableFuture())
                .toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(calls.toArray(new CompletableFuture<?>[0]));

        assertThat(lab.network.runUntil(all::isDone, WITHIN)).isTrue();

        assertThat(calls).extracting(call -> call.join().kind()).containsOnly(Path.BIRTHDAY);
        for (int i = 0; i < calls.size(); i++) {
            assertThat(lab.converse(one, calls.get(i).join().endpoint(), others.get(i)))
                    .isTrue();
            one.received.clear();
        }
        lab.network.run(Duration.ofSeconds(5));
        // What the paths themselves need is left.
        assertThat(one.budget.sockets()).isEqualTo(here.equals("sym") ? calls.size() : 0);
        one.transport.close();
        assertThat(one.budget.sockets()).isZero();
    }

    @Test
    void a_second_call_for_the_same_pair_has_the_same_outcome() {
        Peer from = lab.peer(NatType.PORT_RESTRICTED);
        Peer to = lab.peer(NatType.PORT_RESTRICTED);
        lab.network.run(Duration.ofSeconds(4));
        CompletableFuture<PunchResult> first = begin(from, to);
        CompletableFuture<PunchResult> second = begin(from, to);
        assertThat(lab.network.await(second)).isSameAs(lab.network.await(first));
        assertThat(from.transport.stats().join().punches()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"pr,pr", "pr,sym", "sym,pr", "sym,sym", "seq,pr", "fc,ar"})
    void both_ends_at_once_make_one_path(String here, String there) {
        for (int millis = -40; millis <= 80; millis += 40) {
            try (Laboratory other = new Laboratory(millis, 0, 3)) {
                Peer one = other.peer(Kinds.of(here));
                Peer two = other.peer(Kinds.of(there));
                other.network.run(Duration.ofSeconds(4));
                Endpoint referrer = other.referrer(0);
                Endpoint first = other.where(one, referrer);
                Endpoint second = other.where(two, referrer);
                CompletableFuture<PunchResult> forth;
                CompletableFuture<PunchResult> back;
                if (millis < 0) {
                    back = two.transport.punch(first, referrer).toCompletableFuture();
                    other.network.run(Duration.ofMillis(-millis));
                    forth = one.transport.punch(second, referrer).toCompletableFuture();
                } else {
                    forth = one.transport.punch(second, referrer).toCompletableFuture();
                    other.network.run(Duration.ofMillis(millis));
                    back = two.transport.punch(first, referrer).toCompletableFuture();
                }
                Endpoint to = other.network.await(forth).endpoint();
                Endpoint from = other.network.await(back).endpoint();
                // Longer than keepalives take to find out that the other end knows of no such path.
                for (int i = 0; i < 6; i++) {
                    other.network.run(Duration.ofSeconds(4));
                    one.send(to, "there " + i);
                    two.send(from, "back " + i);
                    other.network.run(Duration.ofMillis(150));
                    assertThat(one.received).as("%d ms, word %d", millis, i).containsKey("back " + i);
                    assertThat(two.received).as("%d ms, word %d", millis, i).containsKey("there " + i);
                }
                assertThat(one.transport.stats().join().paths()).isEqualTo(1);
                assertThat(two.transport.stats().join().paths()).isEqualTo(1);
            }
        }
    }

    @Test
    void a_punch_while_a_path_is_open_replaces_it() {
        for (String kind : List.of("pr", "sym")) {
            Peer from = lab.peer(NatType.PORT_RESTRICTED);
            Peer to = lab.peer(Kinds.of(kind));
            lab.network.run(Duration.ofSeconds(4));
            for (int i = 0; i < 3; i++) {
                Endpoint endpoint = lab.network.await(begin(from, to)).endpoint();
                from.received.clear();
                to.received.clear();
                assertThat(lab.converse(from, endpoint, to)).isTrue();
                Endpoint back = Objects.requireNonNull(to.received.get("there"));
                lab.network.run(Duration.ofSeconds(30));
                to.send(back, "later");
                lab.network.run(Duration.ofMillis(150));
                assertThat(from.received).containsKey("later");
            }
            lab.network.run(Duration.ofMinutes(3));
            assertThat(from.transport.stats().join().paths()).isZero();
            assertThat(to.budget.sockets()).isZero();
        }
    }
}
