package org.dhtrpc.message;

import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request.
 *
 * @param transaction the request's
 * @param sender see {@link Message#sender}
 * @param to the requester's address as the answering node sees it
 * @param contacts nodes near the target, nearest first; null if the question had no target. None is not the same as
 *     null
 * @param token for the requester to prove its address with
 * @param error an {@link ErrorCode}; 0 on wires without errors
 * @param value see {@link Message#value}
 */
public record Reply(
        long transaction,
        @Nullable Key sender,
        @Nullable Endpoint to,
        @Nullable List<Contact> contacts,
        @Nullable Bytes token,
        int error,
        @Nullable Bytes value)
        implements Message {
    /** Copies the list of contacts, unless it is immutable already. */
    public Reply {
        if (contacts != null) {
            contacts = List.copyOf(contacts);
        }
    }

    /** The same with other contacts. */
    public Reply withContacts(@Nullable List<Contact> other) {
        return new Reply(transaction, sender, to, other, token, error, value);
    }
}
