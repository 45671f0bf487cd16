package org.dhtrpc.holepunch;

import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** What a referrer remembers of a punch of others. */
final class Referral {
    /** How often the caller may repeat its request; an honest one gives up sooner. */
    static final int REPEATS = 16;

    /** Answers in the peer's name with another transaction, after which it is over. */
    static final int FORGERIES = 8;

    /** Bytes of NOTIFY indications that are passed on, both ways together. */
    static final int NOTICES = 16_384;

    /** For how long RELAY indications are passed on, in nanoseconds. */
    static final long RELAYED_FOR = 120_000_000_000L;

    /** Bytes of RELAY indications. */
    static final Rate RELAYED = new Rate(65_536, 65_536);

    /** Of the INTRODUCE. */
    final TransactionId asked;

    /** Of the INVITE: who does not receive at the peer's address does not know all of it, and be it the caller. */
    final TransactionId invited;

    final Endpoint caller;
    final Endpoint peer;

    /** Bytes of the INTRODUCE; what the caller is told has no more. */
    final int room;

    /** When something was passed on for the last time. */
    private long last;

    private byte @Nullable [] invite;
    private byte @Nullable [] answer;
    private boolean accepted;
    private int owed;
    private int repeats;
    private int forgeries;
    private int noticed;
    private long relayed;
    private boolean relaying;
    private long relayingSince;
    private long full;

    Referral(
            long now,
            TransactionId asked,
            TransactionId invited,
            Endpoint caller,
            Endpoint peer,
            int room,
            byte[] invite) {
        this.last = now;
        this.asked = asked;
        this.invited = invited;
        this.caller = caller;
        this.peer = peer;
        this.room = room;
        this.invite = invite;
        this.owed = 1;
    }

    /** Whether the caller asks for it once more. */
    boolean repeats(Endpoint from, StunMessage request, Endpoint to) {
        return caller.equals(from) && peer.equals(to) && asked.equals(request.transaction()) && room == request.size();
    }

    /** Counts a repeat; false if it is one too many. */
    boolean repeat() {
        if (repeats == REPEATS) {
            return false;
        }
        repeats++;
        owed += answer == null ? 1 : 0;
        return true;
    }

    /** What the peer is sent; null once it has answered. */
    byte @Nullable [] invite() {
        return invite;
    }

    /** What the caller is told; null as long as the peer has not answered. */
    byte @Nullable [] answer() {
        return answer;
    }

    /**
     * The peer has answered.
     *
     * @param accepted whether it wants to
     * @param answer what the caller is told
     */
    void answered(boolean accepted, byte[] answer) {
        this.accepted = accepted;
        this.answer = answer;
        invite = null;
    }

    /** Counts an answer in the peer's name that it did not give; false if it is one too many. */
    boolean forged() {
        return ++forgeries < FORGERIES;
    }

    /** Counts an answer to the caller; false if it has not asked so often. */
    boolean pay() {
        if (owed == 0) {
            return false;
        }
        owed--;
        return true;
    }

    void heard(long now) {
        last = now;
    }

    boolean quietFor(long now, long nanos) {
        return now - last > nanos;
    }

    /** To whom goes what comes from there; null if it does not go on. */
    @Nullable
    Endpoint otherEnd(Endpoint from) {
        if (!accepted) {
            return null;
        }
        return from.equals(caller) ? peer : from.equals(peer) ? caller : null;
    }

    /** Counts a NOTIFY, if it may go on. */
    boolean takeNotify(int bytes) {
        if (noticed + bytes > NOTICES) {
            return false;
        }
        noticed += bytes;
        return true;
    }

    /** Whether a RELAY has ever gone on. */
    boolean relaying() {
        return relaying;
    }

    /** Whether one has, and the time for it is over. */
    boolean relayOver(long now) {
        return relaying && now - relayingSince >= RELAYED_FOR;
    }

    /**
     * Counts a RELAY, if it may go on.
     *
     * @param limit of bytes, both ways together
     */
    boolean takeRelay(long now, int bytes, int limit) {
        if (relayOver(now) || relayed + bytes > limit || !RELAYED.allows(now, relaying ? full : now, bytes)) {
            return false;
        }
        if (!relaying) {
            relaying = true;
            relayingSince = now;
            full = now;
        }
        full = RELAYED.after(now, full, bytes);
        relayed += bytes;
        return true;
    }
}
