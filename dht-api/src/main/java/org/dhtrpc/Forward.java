package org.dhtrpc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ForwardHandler} wants done with a query, instead of answering whoever asked. Made by {@link #relay} and
 * {@link #answer}.
 *
 * @param to where to send
 * @param value the payload, null for none
 * @param relayed true if the query goes on, false if this is the answer to it
 */
public record Forward(Endpoint to, @Nullable Bytes value, boolean relayed) {
    /** Checks that there is a receiver. */
    public Forward {
        Objects.requireNonNull(to, "to");
    }

    /**
     * Passes the query on, with this value: the other node gets the same command and target under the same transaction, from
     * us, and may answer whoever asked with {@link #answer}. It is sent once, and again for each repeat that we receive.
     */
    public static Forward relay(Endpoint to, @Nullable Bytes value) {
        return new Forward(to, value, true);
    }

    /**
     * Answers the query to another address than it came from: that of whoever asked the node which has relayed it. It counts
     * there if that has said so ({@link Query#answeredBy}).
     */
    public static Forward answer(Endpoint to, @Nullable Bytes value) {
        return new Forward(to, value, false);
    }
}
