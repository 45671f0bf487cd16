package org.dhtrpc.codec.dhtrpc;

import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/** Requests like others, but for a field. */
final class Requests {
    private Requests() {}

    /** A commit if both wires say that it is one. */
    static Request committing(Request request, @Nullable Relay relay) {
        return new Request(
                request.transaction(),
                request.sender(),
                request.to(),
                request.command(),
                request.target(),
                request.token() != null && !request.command().builtIn(),
                request.token(),
                request.value(),
                relay,
                request.padding());
    }

    static Request to(@Nullable Endpoint to, Request request) {
        return new Request(
                request.transaction(),
                request.sender(),
                to,
                request.command(),
                request.target(),
                request.commit(),
                request.token(),
                request.value(),
                request.relay(),
                request.padding());
    }
}
