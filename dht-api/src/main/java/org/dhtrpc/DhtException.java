package org.dhtrpc;

import org.dhtrpc.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * An operation failed. {@link #reason} says how; several causes, where there are several, are the suppressed exceptions.
 *
 * <p>A caller's mistake is not of this type: it is an {@link IllegalArgumentException} or {@link IllegalStateException},
 * thrown at the call. Modules that have more to say of a failure extend it.
 */
public class DhtException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The kinds of failure. */
    public enum Reason {
        /** Nobody answered a query. */
        NO_NODES_RESPONDED,
        /** Nobody committed a closest. */
        NO_CLOSE_NODES_RESPONDED,
        /** No bootstrap node answered; the suppressed exceptions say what happened to each. */
        BOOTSTRAP_FAILED,
        /** The deadline passed. */
        TIMED_OUT,
        /** The peer answered with an error; {@link DhtException#code} is its code. */
        REFUSED,
        /** A host name could not be resolved. */
        UNKNOWN_HOST,
        /** A limit of this node was met: too many operations or requests at once. */
        OVERLOADED,
        /** Hole punching was asked for, but the node was built without a hole puncher. */
        NO_HOLE_PUNCHER,
        /** The hole puncher gave up. */
        PUNCH_FAILED,
        /** The operation was cancelled by its caller. */
        CANCELLED,
        /** The waiting thread was interrupted. */
        INTERRUPTED,
        /** The node is suspended, or was suspended while the operation ran. */
        SUSPENDED,
        /** The node is closed, or was closed while the operation ran. */
        CLOSED,
        /** A defect of this library: please report it. The node has closed itself. */
        BUG
    }

    private final Reason reason;
    private final int code;

    /** A failure of this kind. */
    public DhtException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** A failure of this kind, with its cause. */
    public DhtException(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, ErrorCode.NONE, message, cause);
    }

    private DhtException(Reason reason, int code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.code = code;
    }

    /**
     * What a handler throws to answer with an error code of the application's own.
     *
     * @param code {@value ErrorCode#APPLICATION} to {@value ErrorCode#MAX}
     * @throws IllegalArgumentException if it is out of that range
     */
    public static DhtException refused(int code) {
        if (code < ErrorCode.APPLICATION || code > ErrorCode.MAX) {
            throw new IllegalArgumentException("An application's error code is " + ErrorCode.APPLICATION + " to "
                    + ErrorCode.MAX + ", not " + code);
        }
        return new DhtException(Reason.REFUSED, code, "Refused: " + ErrorCode.describe(code), null);
    }

    /** What a caller gets when a peer answered with this error code. */
    public static DhtException refusedBy(Endpoint peer, int code) {
        return new DhtException(Reason.REFUSED, code, peer + " refused: " + ErrorCode.describe(code), null);
    }

    /** How the operation failed. */
    public Reason reason() {
        return reason;
    }

    /** The peer's error code if the reason is {@link Reason#REFUSED}, else 0. */
    public int code() {
        return code;
    }
}
