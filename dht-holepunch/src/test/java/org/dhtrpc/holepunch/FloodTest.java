package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.Meeting.Sent;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Attackers who forge any source, but see only what is sent to addresses of their own, among honest peers. Whatever the order: to
 * nobody goes more than came in his name, but for invitations, of those who were seen within a minute, within the rate; and for what
 * the other end of a punch says to somebody who has agreed to it.
 */
class FloodTest {
    private static final List<Endpoint> VICTIMS = endpoints("9.1.1.1:53", "9.1.1.2:53", "[2600::9]:53");
    private static final List<Endpoint> ATTACKERS =
            endpoints("66.1.1.1:1", "66.1.1.1:2", "66.1.1.2:1", "66.1.1.3:1", "66.1.1.4:1", "[2600:66::1]:1");
    private static final List<Endpoint> HONEST = endpoints("8.1.1.1:1", "8.1.1.2:1", "[2600:8::1]:1");
    private static final int NUMBERS = 100;
    private static final int RELAYED_BYTES = 3_000;

    private static List<Endpoint> endpoints(String... texts) {
        return Arrays.stream(texts).map(Endpoint::parse).toList();
    }

    /** One run, and what was counted. */
    private static final class Run {
        private final RandomGenerator random;
        private final Meeting meeting;
        private final Map<Integer, Integer> sent;

        /** Whom attackers have in mind. */
        private final Endpoint favourite;

        private final Map<Endpoint, Long> claimed = new HashMap<>();
        private final Map<Endpoint, Long> answered = new HashMap<>();
        private final Map<Endpoint, Long> lastSeen = new HashMap<>();
        private final Map<Endpoint, List<Long>> invited = new HashMap<>();

        /** What attackers were given for their own addresses. */
        private final Map<Endpoint, byte[]> nonces = new HashMap<>();

        /** What honest peers and attackers were asked: they see it, and may answer. */
        private final List<Sent> invites = new ArrayList<>();

        private final Map<Long, Sent> latest = new HashMap<>();
        private final Set<TransactionId> agreed = new HashSet<>();
        private final Map<TransactionId, Integer> noticed = new HashMap<>();
        private final Map<TransactionId, Integer> relayed = new HashMap<>();

        Run(RandomGenerator random, Map<Integer, Integer> sent) {
            this.random = random;
            this.sent = sent;
            favourite = anybody();
            meeting = new Meeting(PunchOptions.defaults().relayedBytes(RELAYED_BYTES), random, random.nextLong());
        }

        private <T> T any(List<? extends T> some) {
            return some.get(random.nextInt(some.size()));
        }

        private Endpoint anybody() {
            return any(List.of(VICTIMS, ATTACKERS, HONEST).get(random.nextInt(3)));
        }

        void step() {
            Endpoint attacker = any(ATTACKERS);
            switch (random.nextInt(12)) {
                case 0 -> meeting.after(random.nextLong(Meeting.SECOND / 20));
                case 1 -> meeting.after(random.nextInt(50) == 0 ? 70 * Meeting.SECOND : 0);
                case 2, 3 -> hears(anybody(), 0);
                case 4, 5 -> from(attacker, introduce(nonces.get(attacker)));
                case 6 -> from(anybody(), introduce(nonces.get(attacker)));
                case 7 -> from(anybody(), introduce(random.nextBoolean() ? null : bytes(Nonces.SIZE)));
                case 8 -> from(anybody(), forgedAnswer());
                case 9, 10 -> answerOne();
                default -> from(anybody(), indication());
            }
        }

        private byte[] bytes(int size) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            return bytes;
        }

        private void hears(Endpoint from, int bytes) {
            meeting.sees(from);
            lastSeen.put(from, meeting.now);
            claimed.merge(from, (long) bytes, Long::sum);
        }

        private void from(Endpoint from, byte[] datagram) {
            hears(from, datagram.length);
            meeting.all(from, datagram).forEach(this::check);
        }

        private byte[] introduce(byte @Nullable [] nonce) {
            Endpoint peer = random.nextBoolean() ? favourite : anybody();
            return Meeting.introduce(random.nextInt(NUMBERS), peer, nonce, random.nextInt(10))
                    .padTo(random.nextInt(500))
                    .bytes();
        }

        private byte[] forgedAnswer() {
            TransactionId guessed =
                    new TransactionId(random.nextInt(NUMBERS), random.nextBoolean() ? 0 : random.nextInt());
            StunMessage invite = Meeting.read(
                    StunWriter.of(Kind.REQUEST, Stun.INVITE, guessed).bytes());
            return Meeting.accept(invite, random.nextInt(10)).bytes();
        }

        private void answerOne() {
            if (invites.isEmpty()) {
                return;
            }
            Sent invite = any(invites);
            if (random.nextInt(4) == 0) {
                from(
                        invite.to(),
                        StunWriter.answer(Kind.ERROR, invite.message())
                                .error(Stun.FORBIDDEN, "")
                                .bytes());
                return;
            }
            agreed.add(invite.message().transaction());
            from(
                    invite.to(),
                    Meeting.accept(invite.message(), random.nextInt(12))
                            .padTo(random.nextInt(500))
                            .bytes());
        }

        private byte[] indication() {
            int method = random.nextBoolean() ? Stun.NOTIFY : Stun.RELAY;
            return Meeting.indication(method, random.nextInt(NUMBERS), random.nextInt(), random.nextInt(400));
        }

        private void check(Sent one) {
            sent.merge(one.message().method() * 1_000 + one.code(), 1, Integer::sum);
            switch (one.message().kind()) {
                case REQUEST -> checkInvite(one);
                case INDICATION -> checkPassedOn(one);
                default -> checkAnswer(one);
            }
        }

        private void checkInvite(Sent invite) {
            Endpoint to = invite.to();
            assertThat(meeting.now - lastSeen.getOrDefault(to, 0L)).isBetween(0L, Seen.MEMORY);
            List<Long> times = invited.computeIfAbsent(to, nobody -> new ArrayList<>());
            times.add(meeting.now);
            for (int i = 0; i < times.size(); i++) {
                long since = meeting.now - times.get(i);
                assertThat((long) times.size() - i).isLessThanOrEqualTo(10 + since / (Meeting.SECOND / 10));
            }
            latest.put(invite.message().transaction().high(), invite);
            if (!VICTIMS.contains(to)) {
                invites.add(invite);
            }
        }

        private void checkPassedOn(Sent indication) {
            Sent invite = Objects.requireNonNull(
                    latest.get(indication.message().transaction().high()));
            TransactionId punch = invite.message().transaction();
            assertThat(agreed).contains(punch);
            assertThat(invite.to().equals(indication.to()) || nonces.containsKey(indication.to()))
                    .isTrue();
            boolean notice = indication.message().method() == Stun.NOTIFY;
            int bytes = (notice ? noticed : relayed)
                    .merge(punch, indication.message().size(), Integer::sum);
            assertThat(bytes).isLessThanOrEqualTo(notice ? Referral.NOTICES : RELAYED_BYTES);
        }

        private void checkAnswer(Sent answer) {
            Endpoint to = answer.to();
            long bytes = answered.merge(to, (long) answer.message().size(), Long::sum);
            assertThat(bytes).isLessThanOrEqualTo(claimed.getOrDefault(to, 0L));
            byte[] nonce = answer.message().value(Stun.NONCE);
            if (nonce != null && ATTACKERS.contains(to)) {
                nonces.put(to, nonce);
            }
        }
    }

    @Test
    void a_flood_of_punch_requests_with_forged_sources_sends_nobody_more_than_it_received() {
        Map<Integer, Integer> sent = new HashMap<>();
        Seeded.rounds(30, random -> {
            Run run = new Run(random, sent);
            for (int i = 0; i < 2_000; i++) {
                run.step();
            }
            assertThat(VICTIMS).anyMatch(run.invited::containsKey);
        });

        assertThat(sent.keySet())
                .as("all that can be sent was")
                .contains(
                        Stun.INVITE * 1_000,
                        Stun.INTRODUCE * 1_000,
                        Stun.NOTIFY * 1_000,
                        Stun.RELAY * 1_000,
                        Stun.INTRODUCE * 1_000 + Stun.BAD_REQUEST,
                        Stun.INTRODUCE * 1_000 + Stun.FORBIDDEN,
                        Stun.INTRODUCE * 1_000 + Stun.PEER_UNKNOWN,
                        Stun.INTRODUCE * 1_000 + Stun.TOO_MANY,
                        Stun.INTRODUCE * 1_000 + Stun.STALE_NONCE);
    }
}
