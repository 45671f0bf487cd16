package org.dhtrpc.holepunch;

import org.dhtrpc.DhtException;

/** There is no path; {@link #failure} says why. */
public final class PunchException extends DhtException {
    private static final long serialVersionUID = 1;

    /** The kinds of failure. */
    public enum Failure {
        /** The referrer does not answer, and others do. */
        REFERRER_UNREACHABLE,
        /** The referrer has not seen the peer for a minute. */
        PEER_UNKNOWN,
        /** The peer, or the referrer, does not want to. */
        REFUSED,
        /** Nobody answers, wherever we send to. */
        UDP_BLOCKED,
        /** All that these two NATs allow was tried. */
        NO_PATH,
        /** The peer does not answer, or not in time. */
        TIMED_OUT,
        /** A limit of this process: too many at once. */
        BUDGET,
        /** The transport was closed. */
        CLOSED
    }

    private final Failure failure;

    PunchException(Failure failure, String message) {
        super(failure == Failure.CLOSED ? Reason.CLOSED : Reason.PUNCH_FAILED, message);
        this.failure = failure;
    }

    /** Why. */
    public Failure failure() {
        return failure;
    }
}
