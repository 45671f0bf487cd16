package org.dhtrpc.holepunch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchException.Failure;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/** Asks a referrer to introduce us to a peer, and finds out what is wrong if nobody answers. */
final class Introducer {
    private static final long MILLI = 1_000_000L;

    /** It goes over four hops, so that losses add up: sent six times within 2.2 s, and given up after 3.3. */
    private static final Transactions.Patience PATIENCE = new Transactions.Patience(200 * MILLI, 6, 140);

    /** After so long it is asked who answers at all. */
    private static final long DOUBT = 1_000 * MILLI;

    private static final long AGAIN = 700 * MILLI;
    private static final int TRIES = 4;
    private static final int MOST_NONCES = 64;

    /** Padded to this, since the answer, which has the other end's candidates, must not be larger. */
    private static final int SIZE = 360;

    /** Proof of our address, by who has given it. */
    private final Map<Endpoint, byte[]> nonces = new LinkedHashMap<>();

    private final Workbench bench;
    private final Reachable reachable;

    /** Who is there. */
    interface Reachable {
        /** Asks a few for a sign of life. */
        void check(long now);

        /** When somebody was heard last; {@link Long#MIN_VALUE} if never. */
        long heard();
    }

    /** What comes of it. */
    interface Outcome {
        void met(long now, StunMessage answer, Introduction introduction, long roundTrip);

        void failed(long now, Failure failure, String why);
    }

    Introducer(Workbench bench, Reachable reachable) {
        this.bench = bench;
        this.reachable = reachable;
    }

    /** @param claim what path it continues, null if none */
    void introduce(long now, Punch punch, byte @Nullable [] claim, Outcome outcome) {
        new Asking(punch, claim, outcome, now).ask(now);
    }

    private final class Asking {
        private final Punch punch;
        private final byte @Nullable [] claim;
        private final Outcome outcome;
        private final long begun;
        private long asked;
        private int tries;
        private int rounds;
        private boolean referrerAnswers;
        private Timers.@Nullable Timer doubt;

        Asking(Punch punch, byte @Nullable [] claim, Outcome outcome, long now) {
            this.punch = punch;
            this.claim = claim;
            this.outcome = outcome;
            this.begun = now;
        }

        void ask(long now) {
            if (punch.ended()) {
                return;
            }
            tries++;
            asked = now;
            TransactionId id = new TransactionId(punch.number, 0);
            StunWriter writer =
                    StunWriter.of(Kind.REQUEST, Stun.INTRODUCE, id).xorAddress(Stun.XOR_PEER_ADDRESS, punch.peer());
            byte[] nonce = nonces.get(punch.referrer);
            if (nonce != null) {
                writer.add(Stun.NONCE, nonce);
            }
            punch.introduction().write(writer);
            if (claim != null) {
                writer.add(Stun.RESUMES, claim);
            }
            doubt = bench.timers().at(now + DOUBT, this::doubt);
            bench.transactions()
                    .ask(
                            now,
                            Outbox.MAIN,
                            punch.referrer,
                            writer.padTo(SIZE).bytes(),
                            id,
                            PATIENCE,
                            this::answered,
                            this::unanswered);
        }

        private void doubt(long now) {
            if (punch.ended()) {
                return;
            }
            reachable.check(now);
            bench.bind(now, Outbox.MAIN, punch.referrer, (later, answer) -> referrerAnswers = true, later -> {});
        }

        private void answered(long now, StunMessage answer) {
            certain();
            if (answer.kind() == Kind.ERROR) {
                refused(now, answer);
                return;
            }
            Introduction introduction = Introduction.read(answer);
            if (introduction == null) {
                outcome.failed(now, Failure.REFUSED, "The referrer " + punch.referrer + " answers what cannot be read");
            } else {
                outcome.met(now, answer, introduction, now - asked);
            }
        }

        private void refused(long now, StunMessage answer) {
            int code = answer.errorCode();
            byte[] nonce = answer.value(Stun.NONCE);
            if (code == Stun.STALE_NONCE && nonce != null && tries < TRIES) {
                remember(punch.referrer, nonce);
                ask(now);
            } else if (code == Stun.TOO_MANY && tries < TRIES) {
                bench.timers().at(now + tries * AGAIN, this::ask);
            } else if (code == Stun.PEER_UNKNOWN) {
                outcome.failed(
                        now,
                        Failure.PEER_UNKNOWN,
                        "The referrer " + punch.referrer + " has not seen " + punch.peer() + " lately");
            } else {
                outcome.failed(
                        now,
                        Failure.REFUSED,
                        "The referrer " + punch.referrer + " or the peer refuses (" + code + ") an introduction to "
                                + punch.peer());
            }
        }

        private void unanswered(long now) {
            certain();
            if (referrerAnswers && rounds++ == 0) {
                // Losses add up on the way over the referrer and back.
                ask(now);
            } else if (referrerAnswers) {
                outcome.failed(
                        now,
                        Failure.TIMED_OUT,
                        punch.peer() + " does not answer what the referrer " + punch.referrer
                                + " passes on, or has not this module");
            } else if (reachable.heard() != Long.MIN_VALUE && reachable.heard() - begun >= 0) {
                outcome.failed(
                        now,
                        Failure.REFERRER_UNREACHABLE,
                        "The referrer " + punch.referrer + " does not answer, or has not this module");
            } else {
                outcome.failed(
                        now,
                        Failure.UDP_BLOCKED,
                        "Nobody answers: neither the referrer " + punch.referrer
                                + " nor anybody else who is known; UDP may be blocked here");
            }
        }

        private void certain() {
            if (doubt != null) {
                doubt.cancel();
            }
        }
    }

    private void remember(Endpoint referrer, byte[] nonce) {
        nonces.remove(referrer);
        nonces.put(referrer, nonce);
        if (nonces.size() > MOST_NONCES) {
            nonces.remove(nonces.keySet().iterator().next());
        }
    }
}
