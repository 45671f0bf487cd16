package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.Laboratory.Peer;
import org.dhtrpc.holepunch.PunchException.Failure;
import org.dhtrpc.holepunch.PunchOptions.Relaying;
import org.dhtrpc.testkit.NatType;
import org.dhtrpc.testkit.SimulatedHost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each way in which a punch may fail is told from the others, and takes no longer than it must. */
class FailuresTest {
    /** From a host to a public one and back. */
    private static final Duration ROUND_TRIP = Duration.ofMillis(40);

    private final Laboratory lab = new Laboratory(3, 0, 3);

    @AfterEach
    void close() {
        lab.close();
    }

    private Peer peer(NatType type) {
        return lab.peer(type);
    }

    private void settled() {
        lab.network.run(Duration.ofSeconds(4));
    }

    /** The failure, which comes within this time. */
    private Failure failure(Peer from, Endpoint to, Endpoint referrer, Duration within) {
        CompletableFuture<Object> outcome = from.transport
                .punch(to, referrer)
                .handle((result, failure) -> failure == null ? (Object) result : failure)
                .toCompletableFuture();
        assertThat(lab.network.runUntil(outcome::isDone, within))
                .as("ended within " + within)
                .isTrue();
        assertThat(outcome.join()).isInstanceOf(PunchException.class);
        return ((PunchException) outcome.join()).failure();
    }

    @Test
    void a_referrer_that_does_not_answer_while_others_do() {
        Peer from = peer(NatType.PORT_RESTRICTED);
        settled();
        Endpoint nobody = Endpoint.parse("10.100.0.1:3282");
        assertThat(failure(from, Endpoint.parse("10.200.0.1:4000"), nobody, Duration.ofSeconds(5)))
                .isEqualTo(Failure.REFERRER_UNREACHABLE);
    }

    @Test
    void a_peer_that_the_referrer_has_not_seen_takes_two_round_trips_and_then_one() {
        Peer from = peer(NatType.PORT_RESTRICTED);
        settled();
        Endpoint unseen = Endpoint.parse("10.200.0.1:4000");
        assertThat(failure(from, unseen, lab.referrer(0), ROUND_TRIP.multipliedBy(2)))
                .isEqualTo(Failure.PEER_UNKNOWN);
        assertThat(failure(from, unseen, lab.referrer(0), ROUND_TRIP)).isEqualTo(Failure.PEER_UNKNOWN);
    }

    private void refuses(Predicate<Invitation> policy) {
        Peer from = peer(NatType.PORT_RESTRICTED);
        Peer to = lab.peer(NatType.PORT_RESTRICTED, options -> options.invitations(policy));
        settled();
        Endpoint target = lab.where(to, lab.referrer(0));
        assertThat(failure(from, target, lab.referrer(0), ROUND_TRIP.multipliedBy(3)))
                .isEqualTo(Failure.REFUSED);
        assertThat(to.transport.stats().join().refusals()).isPositive();
    }

    @Test
    void a_peer_whose_policy_says_no() {
        refuses(every -> false);
    }

    @Test
    void a_peer_whose_policy_throws() {
        refuses(every -> {
            throw new IllegalStateException("thrown on purpose");
        });
    }

    @Test
    void a_referrer_that_introduces_nobody_at_private_addresses() {
        SimulatedHost host = lab.network.host();
        Peer strict = new Peer(host, null, PunchOptions.simulated(host.random()).privateAddresses(false));
        Peer from = peer(NatType.PORT_RESTRICTED);
        settled();
        assertThat(failure(
                        from,
                        Endpoint.parse("10.200.0.1:4000"),
                        strict.transport.localAddress(),
                        ROUND_TRIP.multipliedBy(2)))
                .isEqualTo(Failure.REFUSED);
    }

    @Test
    void a_caller_that_sends_to_no_private_address() {
        Peer from = lab.peer(NatType.PORT_RESTRICTED, options -> options.privateAddresses(false));
        assertThat(failure(from, Endpoint.parse("10.200.0.1:4000"), lab.referrer(0), Duration.ofMillis(1)))
                .isEqualTo(Failure.REFUSED);
    }

    @Test
    void a_network_that_lets_no_UDP_out() {
        Peer from = peer(NatType.UDP_BLOCKED);
        settled();
        assertThat(failure(from, Endpoint.parse("10.200.0.1:4000"), lab.referrer(0), Duration.ofSeconds(5)))
                .isEqualTo(Failure.UDP_BLOCKED);
    }

    @Test
    void two_ends_between_which_there_is_no_path() {
        Peer from = lab.peer(NatType.SYMMETRIC, options -> options.relaying(Relaying.NEVER));
        Peer to = peer(NatType.SYMMETRIC);
        settled();
        Endpoint target = lab.where(to, lab.referrer(0));
        assertThat(failure(from, target, lab.referrer(0), Duration.ofSeconds(5)))
                .isEqualTo(Failure.NO_PATH);
        settled();
        assertThat(to.transport.stats().join().paths()).isZero();
    }

    private Endpoint silent() {
        SimulatedHost host = lab.network.host();
        Peer to = new Peer(host, null, PunchOptions.simulated(host.random()).helpers(List.of(lab.referrer(0))));
        settled();
        host.pause();
        return to.transport.localAddress();
    }

    @Test
    void a_peer_that_is_silent() {
        Peer from = peer(NatType.PORT_RESTRICTED);
        assertThat(failure(from, silent(), lab.referrer(0), Duration.ofSeconds(10)))
                .isEqualTo(Failure.TIMED_OUT);
    }

    @Test
    void a_peer_that_is_silent_for_longer_than_a_punch_may_take() {
        Peer from = lab.peer(NatType.PORT_RESTRICTED, options -> options.timeout(Duration.ofSeconds(1)));
        assertThat(failure(from, silent(), lab.referrer(0), Duration.ofSeconds(1)))
                .isEqualTo(Failure.TIMED_OUT);
    }

    @Test
    void too_many_at_once() {
        Peer from = peer(NatType.PORT_RESTRICTED);
        List<CompletableFuture<?>> under = new ArrayList<>();
        for (int i = 0; i < Punches.MOST; i++) {
            Endpoint to = Endpoint.of(Endpoint.parse("10.200.0.1:1").address(), 4000 + i);
            under.add(from.transport.punch(to, lab.referrer(0)).toCompletableFuture());
        }
        assertThat(failure(from, Endpoint.parse("10.200.0.1:3999"), lab.referrer(0), Duration.ofMillis(1)))
                .isEqualTo(Failure.BUDGET);
        assertThat(under).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void a_transport_that_is_closed() {
        Peer from = peer(NatType.PORT_RESTRICTED);
        from.transport.close();
        assertThat(failure(from, Endpoint.parse("10.200.0.1:3999"), lab.referrer(0), Duration.ofMillis(1)))
                .isEqualTo(Failure.CLOSED);
    }

    @Test
    void a_transport_that_is_closed_meanwhile_at_whatever_moment() {
        for (int millis = 0; millis < 1_000; millis += 37) {
            try (Laboratory other = new Laboratory(millis, 0, 3)) {
                Peer from = other.peer(NatType.SYMMETRIC);
                Peer to = other.peer(NatType.PORT_RESTRICTED);
                other.network.run(Duration.ofSeconds(4));
                CompletableFuture<PunchResult> call = from.transport
                        .punch(other.where(to, other.referrer(0)), other.referrer(0))
                        .toCompletableFuture();
                other.network.run(Duration.ofMillis(millis));
                from.transport.close();
                assertThat(call).as("after %s ms", millis).isDone();
                other.network.run(Duration.ofSeconds(90));
                assertThat(from.budget.sockets()).isZero();
                to.transport.close();
                assertThat(to.budget.sockets()).isZero();
            }
        }
    }
}
