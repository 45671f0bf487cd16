package org.dhtrpc.holepunch;

import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** What the {@link Agent} wants done. */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
sealed interface Effect {
    /** Sends a datagram. */
    record Send(int socket, Endpoint to, byte[] datagram) implements Effect {}

    /** Makes another socket; {@link Agent#opened} or {@link Agent#notOpened} is told of it. */
    record Open(int socket) implements Effect {}

    /** Closes one of those, which may not have been made yet. */
    record Close(int socket) implements Effect {}

    /** Gives the node a datagram that came in by a detour. */
    record Deliver(Endpoint from, byte[] datagram) implements Effect {}

    /** Somebody else's code has failed. */
    record Complaint(String what, RuntimeException cause) implements Effect {}

    /** A call has ended, with one of the two. */
    record Ended(
            long call, @Nullable Object outcome, @Nullable PunchException failure) implements Effect {}
}
