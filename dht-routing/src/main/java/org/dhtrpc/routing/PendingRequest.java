package org.dhtrpc.routing;

import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/** One request of ours, from the moment it is handed to {@link PendingRequests} until it is answered or has failed. */
abstract class PendingRequest extends Deadlines.Entry {
    final Endpoint to;
    final Command command;
    final @Nullable Key target;
    final boolean commit;
    final @Nullable Bytes token;
    final @Nullable Bytes value;

    /** Set and read by {@link PendingRequests} alone. */
    @Nullable
    PendingRequests carrier;

    @Nullable
    Request message;

    int sends;
    long submitted;
    long firstSent;
    long failAt;
    long stallAt;
    long repeatAt;
    boolean busy;
    boolean stalled;
    boolean silent;

    /** It left from the sibling socket. */
    boolean fromSibling;

    /** Its reply came in on the sibling socket. */
    boolean repliedToSibling;

    PendingRequest(
            Endpoint to,
            Command command,
            @Nullable Key target,
            boolean commit,
            @Nullable Bytes token,
            @Nullable Bytes value) {
        this.to = to;
        this.command = command;
        this.target = target;
        this.commit = commit;
        this.token = token;
        this.value = value;
    }

    /** A request of the discovery or of the node's upkeep. */
    PendingRequest(Endpoint to, Command command, @Nullable Key target, @Nullable Bytes token) {
        this(to, command, target, false, token, null);
    }

    /** Whom it asks, if that is known to be a contact. */
    @Nullable
    Contact contact() {
        return null;
    }

    /** How often it may be sent. */
    int maxSends() {
        return KademliaConfig.MAX_SENDS;
    }

    /**
     * Whether it waits while too many like it are busy: a caller may make any number of requests at once, all to one node. A
     * lookup bounds its own.
     */
    boolean paced() {
        return false;
    }

    /** Whether it leaves from the sibling socket in any case. */
    boolean bySibling() {
        return false;
    }

    /** Who else may answer it, since its receiver is to pass it on; null if nobody. */
    @Nullable
    Endpoint answeredBy() {
        return null;
    }

    /** To whom its receiver is to pass it on, because it says so itself; null if to nobody. */
    @Nullable
    Endpoint relayedTo() {
        return null;
    }

    /** Whether its answer may come from there. Who is behind a NAT may have another port for us than for whom we ask. */
    final boolean isAnsweredBy(Endpoint from) {
        Endpoint relayedTo = relayedTo();
        return relayedTo == null ? from.equals(to) || from.equals(answeredBy()) : Votes.sameHost(from, relayedTo);
    }

    /** How long its receiver is to wait with the answer, in nanoseconds. */
    long delay() {
        return 0;
    }

    /** Those who have named its receiver to us. */
    List<Endpoint> referrers() {
        return List.of();
    }

    /** Whether its silence says anything about its receiver at all. */
    boolean tells() {
        return relayedTo() == null;
    }

    /** How often it was sent again. */
    final int repeats() {
        return Math.max(0, sends - 1);
    }

    /**
     * Whether its round trip says something about the path: not if it was repeated, since then nobody knows which send was
     * answered (Karn), nor if a handler or somebody else had a part in it.
     */
    final boolean teaches() {
        return sends == 1 && command.builtIn() && delay() == 0 && relayedTo() == null;
    }

    /**
     * Whether its silence says that nobody is there: not if it was sent less often than it may be, since a datagram gets
     * lost (flaw F16), nor if a handler had its part in it.
     */
    boolean conclusive() {
        return sends == KademliaConfig.MAX_SENDS && command.builtIn();
    }

    /** Answered, possibly with an error. Nothing is called after this. */
    abstract void replied(long now, Effect.Answer answer);

    /** Nobody answered in time, or it could not be sent. Nothing is called after this. */
    abstract void failed(long now, DhtException.Reason why);

    /** The failure in words, for a caller; costs a stack trace, so only for those who will be told. */
    final DhtException failure(long now, DhtException.Reason why) {
        return new DhtException(
                why,
                why == DhtException.Reason.OVERLOADED
                        ? KademliaConfig.MAX_QUEUED + " requests wait already; not sent: " + command + " to " + to
                        : to + " did not answer " + command + " within " + (now - submitted) / 1_000_000 + " ms");
    }

    /** It has come back: its receiver is ourselves. It may still be cancelled, and is else as good as unanswered. */
    void returned(long now) {}

    /** It takes longer than usual; it may still be answered. */
    void stalled(long now) {}

    /** It was sent twice, and the second wait is over; the last send is on its way. */
    void unreached(long now) {}

    /** It was sent as often as it may be, and the last wait is over too; it may still be answered. */
    void silent(long now) {}

    @Override
    final void expire(long now) {
        PendingRequests pending = carrier;
        if (pending != null) {
            pending.timer(now, this);
        }
    }
}
