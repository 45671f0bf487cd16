package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/** What others want of us: says whether we take part, and what the referrer is to tell them. */
final class Invitations {
    /** So many of all punches under way; the rest is for what we begin ourselves. */
    static final int MOST = 48;

    /** What we take for the time to the other end, which we cannot know yet. */
    private static final long USUAL_ROUND_TRIP = 80_000_000L;

    /** Room for what the referrer adds to an answer, so that it never sends on more than it gets. */
    private static final int ROOM = 24;

    private final Workbench bench;
    private final Punches punches;
    private final Seen seen;
    private final Rates rates = new Rates(new Rate(10, 20), 256);
    private long accepted;
    private long refused;

    Invitations(Workbench bench, Punches punches, Seen seen) {
        this.bench = bench;
        this.punches = punches;
        this.seen = seen;
    }

    /** How many were accepted. */
    long accepted() {
        return accepted;
    }

    /** How many were not: over a limit, against the policy, or without a key that is one. */
    long refused() {
        return refused;
    }

    /** Somebody wants to reach us, says a referrer. */
    void invited(long now, Endpoint referrer, StunMessage invite) {
        Endpoint peer = invite.xorAddress(Stun.XOR_PEER_ADDRESS);
        Endpoint us = invite.xorAddress(Stun.XOR_MAPPED_ADDRESS);
        Introduction introduction = Introduction.read(invite);
        if (peer == null || us == null || introduction == null || !seen.lately(now, referrer)) {
            return;
        }
        long number = invite.transaction().high();
        Pursuit known = punches.find(number);
        Pursuit twin = punches.twin(true, peer, referrer);
        if (known != null) {
            repeat(known, referrer);
        } else if (punches.routes().numbered(number) != null || (twin != null && twin.punch.number < number)) {
            // A referrer knows the number of a path, and must not have it by that. If both ends have begun, the smaller
            // one goes on.
            return;
        } else if (!rates.take(now, referrer)) {
            refused++;
        } else if (punches.invited() < MOST && bench.allowed(peer) && welcome(peer, referrer, introduction)) {
            accept(now, referrer, invite, peer, us, introduction, twin);
        } else {
            refuse(referrer, invite);
        }
    }

    private void refuse(Endpoint referrer, StunMessage invite) {
        refused++;
        byte[] refusal =
                StunWriter.answer(Kind.ERROR, invite).error(Stun.FORBIDDEN, "").bytes();
        bench.outbox().send(Outbox.MAIN, referrer, refusal);
    }

    private void repeat(Pursuit known, Endpoint referrer) {
        Punch punch = known.punch;
        byte[] answer = !punch.initiator && punch.referrer.equals(referrer) ? known.again() : null;
        if (answer != null) {
            bench.outbox().send(Outbox.MAIN, referrer, answer);
            if (punch.way() == null) {
                punch.early();
            }
        }
    }

    private boolean welcome(Endpoint peer, Endpoint referrer, Introduction introduction) {
        try {
            return bench.options().invitations().test(new Invitation(peer, referrer, introduction.profile()));
        } catch (RuntimeException e) {
            // Other people's code: whoever cannot say yes has said no.
            bench.outbox().add(new Effect.Complaint("The policy for invitations failed", e));
            return false;
        }
    }

    private void accept(
            long now,
            Endpoint referrer,
            StunMessage invite,
            Endpoint peer,
            Endpoint us,
            Introduction introduction,
            @Nullable Pursuit twin) {
        NatProfile local = bench.profile().apply(now);
        List<Candidate> ours = bench.candidates(local);
        long number = invite.transaction().high();
        Punch punch = new Punch(now, number, false, peer, referrer, local, ours, new Sockets(bench), bench, punches);
        Route resumes = punches.routes().claimed(invite.value(Stun.RESUMES), introduction.key());
        Pursuit pursuit = new Pursuit(punch, resumes, twin == null ? new ArrayList<>() : twin.calls);
        punches.add(pursuit);
        if (!punch.agreement.reach(introduction.key())) {
            punch.end(now);
            refuse(referrer, invite);
            return;
        }
        accepted++;
        Sampling.sample(now, punch, ours, bench, later -> {
            punch.meet(introduction, peer, us, USUAL_ROUND_TRIP, 0);
            StunWriter writer = StunWriter.answer(Kind.SUCCESS, invite)
                    .xorAddress(Stun.XOR_PEER_ADDRESS, peer)
                    .xorAddress(Stun.XOR_MAPPED_ADDRESS, us);
            punch.introduction().write(writer);
            byte[] claim = pursuit.claim();
            if (claim != null) {
                writer.add(Stun.RESUMES, claim);
            }
            byte[] answer = writer.padTo(writer.size() + ROOM).bytes();
            pursuit.answered(answer);
            bench.outbox().send(Outbox.MAIN, referrer, answer);
            punch.early();
        });
    }
}
