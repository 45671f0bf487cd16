package org.dhtrpc.testkit;

import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.jspecify.annotations.Nullable;

/** A datagram under way; also the event of its arrival, so that it costs one object. */
final class Flight implements Runnable, HostLoop.Work {
    final Endpoint from;
    final Endpoint to;
    final int size;

    /** What it says, null if that is not known. */
    final @Nullable Message message;

    /** What travels; the {@link Fidelity} knows its type. */
    final Object cargo;

    /** Seeds the choice of the bits that arrive flipped; 0 if none do. */
    final long corruption;

    private final Medium medium;

    Flight(
            Medium medium,
            Endpoint from,
            Endpoint to,
            int size,
            @Nullable Message message,
            Object cargo,
            long corruption) {
        this.medium = medium;
        this.from = from;
        this.to = to;
        this.size = size;
        this.message = message;
        this.cargo = cargo;
        this.corruption = corruption;
    }

    @Override
    public void run() {
        medium.arrive(this);
    }

    /** The host takes it. */
    @Override
    public void begin() {
        medium.deliver(this);
    }
}
