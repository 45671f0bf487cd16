package org.dhtrpc.testkit;

import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.jspecify.annotations.Nullable;

/** A datagram under way; also the event of its arrival, so that it costs one object. */
final class Flight implements Runnable, HostLoop.Work {
    final SimulatedHost sender;

    /** Where it comes from: the sender's endpoint, or what NATs have made of that. */
    final Endpoint from;

    final Endpoint to;

    /** Who has it in the end; null as long as that follows from {@link #to}, since no NAT lies between. */
    final @Nullable SimulatedHost receiver;

    final int size;

    /** What it says, null if that is not known. */
    final @Nullable Message message;

    /** What travels; the {@link Fidelity} knows its type. */
    final Object cargo;

    /** Seeds the choice of the bits that arrive flipped; 0 if none do. */
    final long corruption;

    Flight(
            SimulatedHost sender,
            Endpoint from,
            Endpoint to,
            @Nullable SimulatedHost receiver,
            int size,
            @Nullable Message message,
            Object cargo,
            long corruption) {
        this.sender = sender;
        this.from = from;
        this.to = to;
        this.receiver = receiver;
        this.size = size;
        this.message = message;
        this.cargo = cargo;
        this.corruption = corruption;
    }

    /** The same, on the last stretch of its way. */
    Flight translated(Endpoint to, SimulatedHost receiver) {
        return new Flight(sender, from, to, receiver, size, message, cargo, corruption);
    }

    @Override
    public void run() {
        sender.medium().arrive(this);
    }

    /** The host takes it. */
    @Override
    public void begin() {
        sender.medium().deliver(this);
    }
}
