package org.dhtrpc.testkit;

import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.jspecify.annotations.Nullable;

/** A datagram that a {@link Hold} has caught, or is asked about. */
public final class Held {
    private final Hold hold;
    private final Flight flight;

    Held(Hold hold, Flight flight) {
        this.hold = hold;
        this.flight = flight;
    }

    /** Where it comes from. */
    public Endpoint from() {
        return flight.from;
    }

    /** Where it goes. */
    public Endpoint to() {
        return flight.to;
    }

    /** What it says; null if a host's codec did not make it, or if its bits were flipped on the way. */
    public @Nullable Message message() {
        return flight.corruption == 0 ? flight.message : null;
    }

    /** How many bytes it has. */
    public int size() {
        return flight.size;
    }

    /** What kind of message it is, as in {@link Traffic#kinds}: "request find_node", "reply", "unknown". */
    public String kind() {
        return Tally.kind(message());
    }

    /** Lets it arrive now. Does nothing if it is held no longer. */
    public void release() {
        hold.release(this);
    }

    /** Lets it never arrive; it counts as lost. Does nothing if it is held no longer. */
    public void drop() {
        hold.drop(this);
    }

    Flight flight() {
        return flight;
    }

    @Override
    public String toString() {
        return kind() + " from " + from() + " to " + to() + ", " + size() + " bytes";
    }
}
