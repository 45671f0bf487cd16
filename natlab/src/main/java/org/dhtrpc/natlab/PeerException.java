package org.dhtrpc.natlab;

/** A peer could not do what it was told. */
final class PeerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** In one word. */
    final String reason;

    PeerException(String reason, String message) {
        super(message);
        this.reason = reason;
    }
}
