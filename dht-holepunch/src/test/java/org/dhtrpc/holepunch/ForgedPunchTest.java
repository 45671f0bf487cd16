package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.holepunch.Stranger.PEER;
import static org.dhtrpc.holepunch.Stranger.PUNCH;
import static org.dhtrpc.holepunch.Stranger.RANDOM;
import static org.dhtrpc.holepunch.Stranger.REFERRER;
import static org.dhtrpc.holepunch.Stranger.SECOND;
import static org.dhtrpc.holepunch.Stranger.STEADY;
import static org.dhtrpc.holepunch.Stranger.US;
import static org.dhtrpc.holepunch.Stranger.VICTIM;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchException.Failure;
import org.dhtrpc.holepunch.RelayLine.Content;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.junit.jupiter.api.Test;

/** Whoever lies to an end of a punch: what it can have sent to others, and whom it can be taken for. */
class ForgedPunchTest {
    private static final Endpoint ELSEWHERE = Endpoint.parse("198.52.101.1:5000");

    private final Stranger stranger = new Stranger();

    private static Endpoint port(Endpoint host, int port) {
        return Endpoint.of(host.address(), port);
    }

    private static Endpoint host(int number) {
        return Endpoint.of(new byte[] {9, 9, 9, (byte) number}, 53);
    }

    private static int bytes(List<Effect.Send> sent) {
        return sent.stream().mapToInt(send -> send.datagram().length).sum();
    }

    private List<Effect.Send> to(Endpoint host) {
        return stranger.sent.stream()
                .filter(send -> Scope.sameHost(send.to(), host))
                .toList();
    }

    @Test
    void a_referrer_who_was_never_heard_of_is_not_answered() {
        assertThat(stranger.says(REFERRER, stranger.invite(PEER, STEADY))).isEmpty();
        assertThat(stranger.agent.stats().invitations()).isZero();
    }

    @Test
    void who_is_named_in_an_invitation_gets_less_than_we_got_until_somebody_goes_on() {
        stranger.appears(REFERRER);
        byte[] invite = stranger.invite(VICTIM, RANDOM);
        int came = 0;
        for (int i = 0; i < 100; i++) {
            stranger.says(REFERRER, invite);
            came += invite.length;
            assertThat(bytes(to(VICTIM))).isLessThanOrEqualTo(came);
        }
        stranger.pass(100 * SECOND);
        assertThat(to(VICTIM)).hasSizeLessThanOrEqualTo(1 + Referral.REPEATS);
        assertThat(stranger.agent.underWay()).isZero();
    }

    @Test
    void invitations_leave_room_for_what_we_begin_and_are_forgotten_soon() {
        for (int i = 0; i < 100; i++) {
            Endpoint referrer = Endpoint.of(new byte[] {77, (byte) i, 1, 1}, 4000);
            stranger.appears(referrer);
            stranger.now -= 5 * SECOND;
        }
        stranger.now += 500 * SECOND;
        for (int i = 0; i < 100; i++) {
            Endpoint referrer = Endpoint.of(new byte[] {77, (byte) i, 1, 1}, 4000);
            stranger.says(referrer, new byte[] {1});
            stranger.number = i;
            stranger.says(referrer, stranger.invite(VICTIM, STEADY));
        }
        assertThat(stranger.agent.underWay()).isEqualTo(Invitations.MOST);
        stranger.agent.punch(stranger.now, PEER, REFERRER);
        stranger.drain();
        assertThat(stranger.ended).isEmpty();
        stranger.pass(16 * SECOND);
        assertThat(stranger.agent.underWay()).isZero();
    }

    @Test
    void eight_candidates_on_one_host_of_a_victim_or_on_eight() {
        stranger.appears(REFERRER);
        Candidate[] ports = IntStream.range(0, 8)
                .mapToObj(i -> new Candidate(Candidate.Kind.MAPPED, port(VICTIM, 1_000 + i)))
                .toArray(Candidate[]::new);
        stranger.invites(PEER, STEADY, ports);
        stranger.says(REFERRER, stranger.notice(Notice.START, null));
        stranger.pass(60 * SECOND);
        assertThat(to(VICTIM)).hasSizeBetween(1, 4);

        stranger.number++;
        Candidate[] hosts = IntStream.range(0, 8)
                .mapToObj(i -> new Candidate(Candidate.Kind.MAPPED, host(100 + i)))
                .toArray(Candidate[]::new);
        stranger.invites(PEER, STEADY, hosts);
        stranger.says(REFERRER, stranger.notice(Notice.START, null));
        stranger.pass(60 * SECOND);
        for (int i = 0; i < 8; i++) {
            assertThat(to(host(100 + i))).hasSizeLessThanOrEqualTo(4);
        }
    }

    @Test
    void genuine_probes_from_forged_sources() {
        stranger.appears(REFERRER);
        stranger.invites(PEER, STEADY);
        for (int i = 0; i < 40; i++) {
            stranger.says(port(VICTIM, 1_000 + i), stranger.probe(i % 2 == 0));
            stranger.says(host(100 + i), stranger.probe(i % 2 == 0));
        }
        stranger.pass(60 * SECOND);
        assertThat(stranger.probesTo(VICTIM)).hasSizeLessThanOrEqualTo(4);
        int hosts = 0;
        for (int i = 0; i < 40; i++) {
            assertThat(stranger.probesTo(host(100 + i))).hasSizeLessThanOrEqualTo(4);
            hosts += stranger.probesTo(host(100 + i)).isEmpty() ? 0 : 1;
        }
        assertThat(hosts).isLessThanOrEqualTo(16);
        assertThat(stranger.agent.stats().paths()).isZero();
    }

    @Test
    void a_search_for_a_port_ends() {
        stranger.appears(REFERRER);
        for (int punch = 0; punch < 5; punch++) {
            stranger.number = punch;
            stranger.invites(VICTIM, RANDOM);
            stranger.says(REFERRER, stranger.notice(Notice.START, null));
            for (int second = 0; second < 12; second++) {
                int before = to(VICTIM).size();
                stranger.pass(SECOND);
                assertThat(to(VICTIM).size() - before).isLessThanOrEqualTo(200 + 256);
            }
        }
        assertThat(to(VICTIM)).hasSizeBetween(2 * Birthday.INVITED, 2 * Birthday.INVITED + 5 * 12);
    }

    @Test
    void a_probe_without_the_key_is_not_answered() {
        stranger.appears(REFERRER);
        stranger.invites(PEER, STEADY);
        stranger.key = new byte[32];
        assertThat(stranger.says(PEER, stranger.probe(true))).isEmpty();
        assertThat(stranger.says(REFERRER, stranger.notice(Notice.START, null))).isEmpty();
    }

    @Test
    void our_own_words_sent_back_to_us_are_nothing_to_us() {
        stranger.appears(REFERRER);
        stranger.invites(PEER, STEADY);
        stranger.says(REFERRER, stranger.notice(Notice.START, null));
        stranger.pass(SECOND);
        List<Effect.Send> probes = stranger.probesTo(PEER);
        assertThat(probes).isNotEmpty();
        for (Effect.Send probe : probes) {
            assertThat(stranger.says(PEER, probe.datagram())).isEmpty();
        }
    }

    @Test
    void who_nominates_from_the_address_of_another_is_not_taken_for_him() {
        stranger.appears(REFERRER);
        stranger.invites(PEER, STEADY);
        stranger.says(VICTIM, stranger.probe(true));
        // Answers to what was never seen, in the other's name.
        for (int i = -20; i < 20; i++) {
            byte[] guess = StunWriter.of(Kind.SUCCESS, Stun.BINDING, new TransactionId(PUNCH, i))
                    .xorAddress(Stun.XOR_MAPPED_ADDRESS, US)
                    .sealed(stranger.key);
            stranger.says(VICTIM, guess);
        }
        assertThat(stranger.agent.route(VICTIM)).isNull();
        stranger.connects(PEER);
        assertThat(stranger.agent.route(PEER)).isNotNull();
        assertThat(stranger.agent.route(VICTIM)).isNull();
    }

    @Test
    void an_old_nomination_from_elsewhere_moves_no_path() {
        stranger.appears(REFERRER);
        stranger.invites(PEER, STEADY);
        byte[] nomination = stranger.probe(true);
        stranger.connects(PEER);
        stranger.pass(10 * SECOND);
        stranger.says(ELSEWHERE, nomination);
        stranger.pass(SECOND);
        Route route = Objects.requireNonNull(stranger.agent.route(PEER));
        assertThat(route.way().remote()).isEqualTo(PEER);
        // Unless he answers there.
        for (Effect.Send probe : stranger.probesTo(ELSEWHERE)) {
            stranger.says(ELSEWHERE, stranger.answer(probe));
        }
        assertThat(route.way().remote()).isEqualTo(ELSEWHERE);
    }

    @Test
    void a_referrer_cannot_have_what_is_sent_to_somebody_else() {
        stranger.appears(REFERRER);
        stranger.invites(VICTIM, STEADY);
        stranger.says(REFERRER, stranger.relay(Content.ASK));
        stranger.says(REFERRER, stranger.relay(Content.DATAGRAM));
        assertThat(stranger.agent.stats().paths()).isEqualTo(1);
        assertThat(stranger.agent.route(VICTIM)).isNull();
        assertThat(stranger.agent.origin(stranger.now, Outbox.MAIN, VICTIM)).isEqualTo(VICTIM);
        assertThat(stranger.delivered).hasSize(1);
        Endpoint from = stranger.delivered.get(0).from();
        assertThat(Scope.sameHost(from, REFERRER)).isTrue();
        assertThat(from).isNotEqualTo(REFERRER);
        // Once more is not once more.
        byte[] datagram = stranger.relay(Content.DATAGRAM);
        stranger.says(REFERRER, datagram);
        stranger.says(REFERRER, datagram);
        stranger.says(PEER, stranger.relay(Content.DATAGRAM));
        assertThat(stranger.delivered).hasSize(2);
    }

    @Test
    void a_referrer_cannot_name_another_peer_than_it_was_asked_for() {
        stranger.agent.punch(stranger.now, PEER, REFERRER);
        stranger.drain();
        stranger.pass(1);
        StunMessage asked =
                Stranger.read(stranger.sent.get(stranger.sent.size() - 1).datagram());
        assertThat(asked.method()).isEqualTo(Stun.INTRODUCE);
        StunWriter answer = StunWriter.answer(Kind.SUCCESS, asked)
                .xorAddress(Stun.XOR_PEER_ADDRESS, VICTIM)
                .xorAddress(Stun.XOR_MAPPED_ADDRESS, US);
        new Introduction(stranger.exchange.publicKey(), RANDOM, List.of()).write(answer);
        byte[] bytes = answer.bytes();
        // From elsewhere it is no answer at all.
        stranger.says(ELSEWHERE, bytes);
        assertThat(stranger.ended).isEmpty();
        stranger.says(REFERRER, bytes);
        assertThat(stranger.ended).hasSize(1);
        PunchException failure = Objects.requireNonNull(stranger.ended.get(0).failure());
        assertThat(failure.failure()).isEqualTo(Failure.REFUSED);
        stranger.pass(10 * SECOND);
        assertThat(to(VICTIM)).isEmpty();
    }

    @Test
    void the_number_of_a_path_is_no_claim_to_it() {
        stranger.appears(REFERRER);
        stranger.invites(PEER, STEADY);
        stranger.connects(PEER);
        stranger.pass(10 * SECOND);
        stranger.sent.clear();
        assertThat(stranger.says(REFERRER, stranger.invite(ELSEWHERE, STEADY))).isEmpty();
        assertThat(stranger.agent.underWay()).isZero();
    }

    @Test
    void a_claim_that_is_not_his_makes_a_path_of_its_own() {
        stranger.appears(REFERRER);
        stranger.invites(PEER, STEADY);
        stranger.connects(PEER);
        Route route = Objects.requireNonNull(stranger.agent.route(PEER));
        stranger.pass(10 * SECOND);
        stranger.number++;
        byte[] claim = new byte[24];
        java.nio.ByteBuffer.wrap(claim).putLong(PUNCH);
        StunWriter invite = stranger.invite(ELSEWHERE, stranger.exchange.publicKey(), STEADY, List.of())
                .add(Stun.RESUMES, claim);
        stranger.agreed(stranger.says(REFERRER, invite.bytes()));
        stranger.connects(ELSEWHERE);
        assertThat(stranger.agent.route(PEER)).isSameAs(route);
        assertThat(route.way().remote()).isEqualTo(PEER);
        assertThat(stranger.agent.stats().paths()).isEqualTo(2);
    }

    @Test
    void a_key_of_small_order_is_refused() {
        stranger.appears(REFERRER);
        for (int first = 0; first < 2; first++) {
            byte[] key = new byte[32];
            key[0] = (byte) first;
            List<Effect.Send> answers = stranger.says(
                    REFERRER, stranger.invite(PEER, key, STEADY, List.of()).bytes());
            assertThat(answers).hasSize(1);
            assertThat(Stranger.read(answers.get(0).datagram()).errorCode()).isEqualTo(Stun.FORBIDDEN);
        }
        assertThat(stranger.agent.underWay()).isZero();
    }

    @Test
    void a_socket_on_a_third_host_is_none_of_the_peers() {
        stranger.appears(REFERRER);
        stranger.invites(PEER, STEADY);
        stranger.says(REFERRER, stranger.notice(Notice.START, null));
        for (int i = 0; i < 3; i++) {
            stranger.says(REFERRER, stranger.notice(Notice.MOVED, VICTIM));
            stranger.says(REFERRER, stranger.notice(Notice.START_AGAIN, null));
            stranger.pass(SECOND);
        }
        assertThat(to(VICTIM)).isEmpty();
    }

    @Test
    void an_end_before_the_start_and_a_start_after_the_end() {
        stranger.appears(REFERRER);
        stranger.invites(PEER, STEADY);
        stranger.says(REFERRER, stranger.notice(Notice.END, null));
        assertThat(stranger.agent.underWay()).isZero();
        stranger.sent.clear();
        stranger.says(REFERRER, stranger.notice(Notice.START, null));
        stranger.pass(SECOND);
        assertThat(stranger.probesTo(PEER)).isEmpty();
    }
}
