package org.dhtrpc.holepunch;

import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Introduces others to each other, and passes on what they have to say until they reach each other ({@code docs/holepunch.md}).
 *
 * <p>It must be of no use to whoever wants to harm a third party. So for each datagram that comes in at most one leaves, which is
 * never larger; without proof of the sender's address it is an answer to that address; with proof it may be an INVITE to an
 * endpoint that was {@link Seen} lately, of a limited number for each who asks and each who is asked; and all else goes only to the
 * two ends of a punch that both have agreed to.
 *
 * <p>What the two tell each other (KEY, PROFILE, CANDIDATE, RESUMES, EVENT, DATA) is copied and not read.
 */
final class Referrer {
    /** More bytes than any message that is read here has; RELAY, which is passed on as it is, may have more. */
    static final int LARGEST = 1_200;

    static final int MOST_CANDIDATES = 8;

    /** What one host may ask for, and, apart from that, how often it is asked to prove its address. */
    static final Rate OF_SOURCE = new Rate(5, 10);

    /** How often one host is asked. */
    static final Rate OF_TARGET = new Rate(10, 10);

    /** Of how many hosts each. */
    static final int MOST_RATED = 4_096;

    private static final int FINGERPRINT = 8;
    private static final int NUMBER = 8;

    private final Outbox outbox;
    private final Seen seen;
    private final PunchOptions options;
    private final RandomGenerator random;
    private final Predicate<? super Endpoint> ours;
    private final Nonces nonces;
    private final Referrals referrals = new Referrals();
    private final Rates strangers = new Rates(OF_SOURCE, MOST_RATED);
    private final Rates sources = new Rates(OF_SOURCE, MOST_RATED);
    private final Rates targets = new Rates(OF_TARGET, MOST_RATED);
    private long introductions;
    private long refusals;
    private long relayedBytes;

    /** @param ours which endpoints are this node's own */
    Referrer(Outbox outbox, Seen seen, PunchOptions options, RandomGenerator random, Predicate<? super Endpoint> ours) {
        this.outbox = outbox;
        this.seen = seen;
        this.options = options;
        this.random = random;
        this.ours = ours;
        this.nonces = new Nonces(random);
    }

    /** Takes what came in at the main socket and is none of our own affairs; what is none of others' either is ignored. */
    void receive(long now, Endpoint from, StunMessage message) {
        if (!Scope.usable(from) || !message.has(Stun.FINGERPRINT)) {
            return;
        }
        int method = message.method();
        switch (message.kind()) {
            case REQUEST -> {
                if (method == Stun.INTRODUCE) {
                    introduce(now, from, message);
                }
            }
            case SUCCESS, ERROR -> {
                if (method == Stun.INVITE) {
                    answered(now, from, message);
                }
            }
            case INDICATION -> {
                if (method == Stun.NOTIFY || method == Stun.RELAY) {
                    passOn(now, from, message);
                }
            }
        }
    }

    private void introduce(long now, Endpoint from, StunMessage request) {
        if (!nonces.accepts(now, from, request.value(Stun.NONCE))) {
            askForProof(now, from, request);
            return;
        }
        Endpoint peer = request.xorAddress(Stun.XOR_PEER_ADDRESS);
        Referral known = referrals.find(now, request.transaction().high());
        if (known != null && peer != null && known.repeats(from, request, peer)) {
            repeat(now, known);
            return;
        }
        if (!sources.take(now, from)) {
            refuse(from, request, Stun.TOO_MANY);
        } else if (peer == null || request.size() > LARGEST || tooManyCandidates(request)) {
            refuse(from, request, Stun.BAD_REQUEST);
        } else if (known != null || !mayMeet(from, peer)) {
            refuse(from, request, Stun.FORBIDDEN);
        } else if (!seen.lately(now, peer)) {
            refuse(from, request, Stun.PEER_UNKNOWN);
        } else {
            begin(now, from, peer, request);
        }
    }

    private static boolean tooManyCandidates(StunMessage request) {
        return request.values(Stun.CANDIDATE).size() > MOST_CANDIDATES;
    }

    private boolean mayMeet(Endpoint from, Endpoint peer) {
        return Scope.usable(peer)
                && !peer.equals(from)
                && !ours.test(peer)
                && (options.privateAddresses() || (!Scope.isPrivate(peer) && !Scope.isPrivate(from)));
    }

    private void begin(long now, Endpoint from, Endpoint peer, StunMessage request) {
        TransactionId asked = request.transaction();
        TransactionId invited = new TransactionId(asked.high(), random.nextInt());
        byte[] invite = invite(invited, from, peer, request);
        if (invite.length > request.size()) {
            refuse(from, request, Stun.BAD_REQUEST);
        } else if (!targets.take(now, peer)) {
            refuse(from, request, Stun.TOO_MANY);
        } else {
            referrals.add(new Referral(now, asked, invited, from, peer, request.size(), invite));
            introductions++;
            outbox.send(Outbox.MAIN, peer, invite);
        }
    }

    private void repeat(long now, Referral referral) {
        byte[] invite = referral.invite();
        byte[] answer = referral.answer();
        if (!referral.repeat()) {
            refusals++;
        } else if (answer != null) {
            outbox.send(Outbox.MAIN, referral.caller, answer);
        } else if (invite != null && seen.lately(now, referral.peer) && targets.take(now, referral.peer)) {
            referrals.heard(now, referral);
            outbox.send(Outbox.MAIN, referral.peer, invite);
        } else {
            // An error would end what may still succeed.
            refusals++;
        }
    }

    private static byte[] invite(TransactionId invited, Endpoint caller, Endpoint peer, StunMessage request) {
        StunWriter invite = StunWriter.of(Kind.REQUEST, Stun.INVITE, invited)
                .xorAddress(Stun.XOR_PEER_ADDRESS, caller)
                .xorAddress(Stun.XOR_MAPPED_ADDRESS, peer);
        copy(Stun.KEY, request, invite);
        copy(Stun.PROFILE, request, invite);
        copy(Stun.RESUMES, request, invite);
        request.values(Stun.CANDIDATE).forEach(candidate -> invite.add(Stun.CANDIDATE, candidate));
        return invite.bytes();
    }

    private static void copy(int type, StunMessage from, StunWriter to) {
        byte[] value = from.value(type);
        if (value != null) {
            to.add(type, value);
        }
    }

    private void answered(long now, Endpoint from, StunMessage answer) {
        Referral referral = referrals.find(now, answer.transaction().high());
        if (referral == null || !referral.peer.equals(from)) {
            refusals++;
            return;
        }
        if (!referral.invited.equals(answer.transaction())) {
            refusals++;
            if (!referral.forged()) {
                referrals.forget(referral);
            }
            return;
        }
        if (referral.answer() == null) {
            conclude(now, referral, answer);
            referrals.heard(now, referral);
        }
        byte[] told = referral.answer();
        // Repeats of the answer come of repeats of the question, and so as often at most.
        if (told != null && told.length <= answer.size() && referral.pay()) {
            outbox.send(Outbox.MAIN, referral.caller, told);
        }
    }

    private void conclude(long now, Referral referral, StunMessage answer) {
        byte[] success =
                answer.kind() == Kind.SUCCESS && answer.size() <= LARGEST ? success(now, referral, answer) : null;
        referral.answered(
                success != null,
                success != null
                        ? success
                        : StunWriter.of(Kind.ERROR, Stun.INTRODUCE, referral.asked)
                                .error(Stun.FORBIDDEN, "")
                                .bytes());
    }

    /** What the caller learns of the peer; its last candidates are left out where they do not fit, and it is null if more does not. */
    private byte @Nullable [] success(long now, Referral referral, StunMessage answer) {
        int room = Math.min(referral.room, answer.size()) - FINGERPRINT;
        StunWriter success = StunWriter.of(Kind.SUCCESS, Stun.INTRODUCE, referral.asked)
                .xorAddress(Stun.XOR_PEER_ADDRESS, referral.peer)
                .xorAddress(Stun.XOR_MAPPED_ADDRESS, referral.caller);
        copy(Stun.KEY, answer, success);
        copy(Stun.PROFILE, answer, success);
        copy(Stun.RESUMES, answer, success);
        if (success.size() > room) {
            return null;
        }
        if (options.relayedBytes() > 0 && referrals.relaysOneMore(now) && success.size() + NUMBER <= room) {
            success.number(Stun.RELAY_LIMIT, options.relayedBytes());
        }
        List<byte[]> candidates = answer.values(Stun.CANDIDATE);
        for (byte[] candidate : candidates.subList(0, Math.min(candidates.size(), MOST_CANDIDATES))) {
            if (success.size() + 4 + (candidate.length + 3 & ~3) > room) {
                break;
            }
            success.add(Stun.CANDIDATE, candidate);
        }
        return success.bytes();
    }

    private void passOn(long now, Endpoint from, StunMessage indication) {
        Referral referral = referrals.find(now, indication.transaction().high());
        Endpoint to = referral == null ? null : referral.otherEnd(from);
        if (referral == null || to == null || !mayPass(now, referral, indication)) {
            refusals++;
            return;
        }
        referrals.heard(now, referral);
        outbox.send(Outbox.MAIN, to, indication.bytes());
    }

    private boolean mayPass(long now, Referral referral, StunMessage indication) {
        int size = indication.size();
        if (indication.method() == Stun.NOTIFY) {
            return referral.takeNotify(size);
        }
        if (!referrals.takeRelay(now, referral, size, options.relayedBytes())) {
            return false;
        }
        relayedBytes += size;
        return true;
    }

    private void askForProof(long now, Endpoint from, StunMessage request) {
        if (strangers.take(now, from)) {
            byte[] nonce = nonces.issue(now, from);
            answer(
                    from,
                    request,
                    error(request, Stun.STALE_NONCE).add(Stun.NONCE, nonce).bytes());
        }
    }

    private void refuse(Endpoint to, StunMessage request, int code) {
        refusals++;
        answer(to, request, error(request, code).bytes());
    }

    private static StunWriter error(StunMessage request, int code) {
        return StunWriter.answer(Kind.ERROR, request).error(code, "");
    }

    private void answer(Endpoint to, StunMessage request, byte[] answer) {
        if (answer.length <= request.size()) {
            outbox.send(Outbox.MAIN, to, answer);
        }
    }

    /** INVITEs that were sent, without repeats. */
    long introductions() {
        return introductions;
    }

    /** What was refused, or dropped. */
    long refusals() {
        return refusals;
    }

    /** Bytes of RELAY indications that were passed on. */
    long relayedBytes() {
        return relayedBytes;
    }

    /** How many punches are remembered. */
    int size() {
        return referrals.size();
    }

    /** Of how many hosts it is remembered how much they have asked and were asked, all in all. */
    int rated() {
        return strangers.size() + sources.size() + targets.size();
    }
}
