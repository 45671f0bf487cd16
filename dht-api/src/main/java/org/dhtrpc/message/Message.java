package org.dhtrpc.message;

import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/** A decoded datagram: a {@link Request} or a {@link Reply}. Immutable. */
public sealed interface Message permits Request, Reply {
    /**
     * What ties a reply to its request: as many low bits as {@link org.dhtrpc.spi.Wire#transactionBits} says, the rest
     * zero; with 64 bits it may be negative.
     */
    long transaction();

    /** The sender's id; null if the sender is ephemeral, or not to be listed. */
    @Nullable
    Key sender();

    /**
     * The address of the receiver of this very datagram, as the sender sees it; null on wires that do not say (the
     * seed's).
     */
    @Nullable
    Endpoint to();

    /** In a request the token that proves the sender's address, in a reply a fresh one for next time. */
    @Nullable
    Bytes token();

    /** The payload; null if there is none, which is not the same as an empty one. */
    @Nullable
    Bytes value();
}
