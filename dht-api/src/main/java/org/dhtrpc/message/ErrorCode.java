package org.dhtrpc.message;

/**
 * The error code of a reply. 1 and 2 are those of npm dht-rpc 6; the rest up to 15 are ours; applications start at
 * {@value #APPLICATION}. A wire may know fewer ({@link org.dhtrpc.spi.Wire#errors}).
 */
public final class ErrorCode {
    /** No error. */
    public static final int NONE = 0;

    /** The node has no handler for this command. */
    public static final int UNKNOWN_COMMAND = 1;

    /** The token is not (or no longer) one that this node gave to this address; the reply has a fresh one. */
    public static final int INVALID_TOKEN = 2;

    /** The handler threw, or its stage failed. */
    public static final int HANDLER_FAILED = 3;

    /** Too many calls wait for a handler. */
    public static final int OVERLOADED = 4;

    /** The answer would not fit in a datagram. */
    public static final int TOO_LARGE = 5;

    /** The answer is too large for an address that has not proven itself; ask again with the token of this reply. */
    public static final int PROVE_ADDRESS = 6;

    /** The first code that is the application's to give. */
    public static final int APPLICATION = 16;

    /** The last one. */
    public static final int MAX = 65_535;

    private ErrorCode() {}

    /** A code in words, for messages to people: {@code "invalid token (2)"}. */
    public static String describe(int code) {
        String words = switch (code) {
            case NONE -> "none";
            case UNKNOWN_COMMAND -> "unknown command";
            case INVALID_TOKEN -> "invalid token";
            case HANDLER_FAILED -> "handler failed";
            case OVERLOADED -> "overloaded";
            case TOO_LARGE -> "answer too large";
            case PROVE_ADDRESS -> "prove address";
            default -> "error";
        };
        return words + " (" + code + ")";
    }
}
