package org.dhtrpc.spi;

/**
 * The bytes are no message of this wire. An everyday event, so it is cheap: it has no stack trace.
 */
public final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1;

    /** Says what is wrong, in words of the wire's specification. */
    public MalformedMessageException(String message) {
        super(message, null, false, false);
    }
}
