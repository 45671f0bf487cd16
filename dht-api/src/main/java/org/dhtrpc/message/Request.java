package org.dhtrpc.message;

import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/**
 * A message that wants a reply.
 *
 * @param transaction see {@link Message#transaction}
 * @param sender see {@link Message#sender}
 * @param to see {@link Message#to}
 * @param command what is asked for
 * @param target the key that the question is about, null if it is about none
 * @param commit true for the second phase of closest. On foreign wires a token says so; ours says it apart, because a
 *     token may also serve as proof of address in a discovery
 * @param token proves the sender's address; required in a commit
 * @param value see {@link Message#value}
 * @param relay whether it is to be passed on, or has been; null for neither
 * @param padding how many bytes to add that mean nothing, so that the reply may be larger; 0 on wires that have none
 */
public record Request(
        long transaction,
        @Nullable Key sender,
        @Nullable Endpoint to,
        Command command,
        @Nullable Key target,
        boolean commit,
        @Nullable Bytes token,
        @Nullable Bytes value,
        @Nullable Relay relay,
        int padding)
        implements Message {
    /** Refuses a negative padding. */
    public Request {
        if (padding < 0) {
            throw new IllegalArgumentException("Padding is 0 or more bytes, not " + padding);
        }
    }

    /** A request of the discovery: no commit, no relay, no padding. */
    public Request(
            long transaction,
            @Nullable Key sender,
            @Nullable Endpoint to,
            Command command,
            @Nullable Key target,
            @Nullable Bytes token,
            @Nullable Bytes value) {
        this(transaction, sender, to, command, target, false, token, value, null, 0);
    }

    /** The same request with this many bytes of padding. */
    public Request withPadding(int bytes) {
        return new Request(transaction, sender, to, command, target, commit, token, value, relay, bytes);
    }
}
