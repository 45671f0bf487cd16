package org.dhtrpc.routing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Whether strangers reach the main socket of a node that is listed without knowing that: one that has a hole puncher, so that
 * others reach it all the same as long as it {@linkplain Keepalive keeps a path open} to its neighbours.
 *
 * <p>Which is found out beside the rest, since nobody waits for it. Some whom replies have named, and whom our main socket
 * has not {@linkplain Called called}, are asked from the sibling to answer to the main one ({@link FirewallCheck}). An answer
 * counts if it is there before we have called them, too. Until enough have arrived the paths are kept open.
 *
 * <p>Where a hole puncher sends from the main socket to whoever asks to be introduced, those may pass for strangers, and open
 * what is not: of five who are asked it takes three such, of fewer one. Nobody reaches the node then but whom it calls.
 */
final class Exposure extends Deadlines.Entry {
    /** Strangers who are noted. */
    static final int NOTED = 16;

    static final String UNKNOWN = "it is not known whether strangers reach the node";
    private static final String HIDDEN = "strangers do not reach the node";
    private static final String OPEN = "strangers reach the node";

    private static final long FIRST_RETRY = Duration.ofMinutes(1).toNanos();
    private static final long LAST_RETRY = Duration.ofMinutes(60).toNanos();

    private final Identity self;
    private final Reach reach;
    private final Called called;
    private final PendingRequests pending;
    private final Deadlines deadlines;
    private final Keepalive keepalive;

    /** Whether the wire has what it takes to ask. */
    private final boolean checkable;

    private final ArrayDeque<Endpoint> strangers = new ArrayDeque<>();
    private @Nullable Endpoint seen;
    private boolean sibling;

    /** Whether it is time to ask, once there is somebody. */
    private boolean due = true;

    /** The check under way; null if there is none. */
    private @Nullable FirewallCheck check;

    /** Of those who were asked somebody has answered who says nothing, since we have called him meanwhile. */
    private boolean unclear;

    private long retry = FIRST_RETRY;
    private boolean begun;
    private boolean open;
    private String why = UNKNOWN;
    private String told = "";

    Exposure(
            Identity self,
            Reach reach,
            Called called,
            PendingRequests pending,
            Deadlines deadlines,
            Keepalive keepalive,
            boolean checkable) {
        this.self = self;
        this.reach = reach;
        this.called = called;
        this.pending = pending;
        this.deadlines = deadlines;
        this.keepalive = keepalive;
        this.checkable = checkable;
        if (!checkable) {
            called.rest();
        }
    }

    boolean checkable() {
        return checkable;
    }

    /** The node is listed, and has joined. */
    void begin(long now) {
        begun = true;
        if (!open) {
            keepalive.begin(now);
        }
        tell();
    }

    private void tell() {
        String standing = open ? OPEN : why;
        if (begun && !standing.equals(told)) {
            told = standing;
            called.publish(new DhtEvent.KeepaliveChanged(!open, standing));
        }
    }

    /** How many paths are kept open. */
    int kept() {
        return keepalive.size();
    }

    int noted() {
        return strangers.size();
    }

    void sibling(long now) {
        sibling = true;
        check(now);
    }

    /** Where others see us; at another host than before we may be reached or not. */
    void seen(long now, @Nullable Endpoint verdict) {
        if (verdict != null) {
            boolean moved = seen != null && !Votes.sameHost(seen, verdict);
            seen = verdict;
            if (moved && open) {
                again(now);
            }
        }
    }

    /** A reply has named these. */
    void named(long now, Endpoint from, List<Contact> contacts) {
        if (open || !checkable) {
            return;
        }
        for (Contact contact : contacts) {
            Endpoint stranger = contact.endpoint();
            if (reach.has(contact)
                    && Scope.mayName(from, stranger)
                    && !called.has(stranger)
                    && !strangers.contains(stranger)) {
                // The farthest first: those we are about to call are the nearest.
                strangers.addFirst(stranger);
            }
            if (strangers.size() > NOTED) {
                strangers.removeLast();
            }
        }
        check(now);
    }

    private void check(long now) {
        if (!due || !sibling || open || check != null || self.ephemeral()) {
            return;
        }
        called.age(now);
        strangers.removeIf(called::has);
        List<Endpoint> asked = strangers.stream().limit(FirewallCheck.ASKED).toList();
        if (asked.isEmpty()) {
            return;
        }
        strangers.removeAll(asked);
        unclear = false;
        int port = seen == null || seen.port() == 0 ? self.endpoint().port() : seen.port();
        FirewallCheck begins = new FirewallCheck(port, this::isStranger);
        check = begins;
        begins.begin(now, asked, pending, (reached, later) -> {
            if (check == begins) {
                check = null;
                ended(later, reached != null);
            }
        });
    }

    private boolean isStranger(Endpoint answering) {
        boolean stranger = !called.has(answering);
        unclear |= !stranger;
        return stranger;
    }

    private void ended(long now, boolean reached) {
        if (reached) {
            opened();
        } else {
            hidden(now, unclear || !why.equals(UNKNOWN) ? why : HIDDEN);
        }
    }

    /** It is certain that strangers reach us. */
    void opened() {
        open = true;
        called.rest();
        strangers.clear();
        deadlines.cancel(this);
        keepalive.end();
        tell();
    }

    /** They do not, or it cannot be found out; that is tried again. */
    void hidden(long now, String reason) {
        why = reason;
        due = false;
        deadlines.set(this, now + retry);
        retry = Math.min(LAST_RETRY, 2 * retry);
        tell();
    }

    @Override
    void expire(long now) {
        due = true;
        check(now);
    }

    /** What was found out is of no use any more; and it is not known whom we have called until now. */
    void again(long now) {
        open = false;
        why = UNKNOWN;
        check = null;
        due = false;
        retry = FIRST_RETRY;
        if (checkable) {
            called.listen(now);
            deadlines.set(this, now + Called.REMEMBERED.toNanos());
        }
        if (begun) {
            begin(now);
        }
    }

    /** Nothing is done until the next {@link #begin}; whoever was told that paths are kept open is told that they are not. */
    void rest(String reason) {
        if (begun && !open) {
            called.publish(new DhtEvent.KeepaliveChanged(false, reason));
        }
        begun = false;
        told = "";
        check = null;
        deadlines.cancel(this);
        keepalive.end();
    }
}
