package org.dhtrpc.testkit;

import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;

/**
 * Sits between the codec and the wire of the hosts that it has {@linkplain SimulatedHost#capture captured}, with or without
 * a node: whatever they receive and send passes through its hands, and goes on if it says so. What is no message of the
 * host's codec passes by, such as bits that were flipped on their way and what a hole puncher sends.
 *
 * <p>Unless a method is overridden, messages go on as they are. What goes on unchanged is not encoded again.
 *
 * <p>It is called by whatever runs on the host, never by two threads. One may have many hosts; what it keeps of each is its
 * own matter. Like anything in a simulation it must be a function of what it is told and of {@link Foothold#random}. What
 * it throws ends the run.
 */
public interface Adversary {
    /** It gets this host, from now on: called once for each {@linkplain SimulatedHost#capture capture}. */
    default void begin(Foothold host) {}

    /** A message has come to a host, and waits to be delivered. */
    default void received(Foothold host, Endpoint from, Message message) {
        host.deliver(from, message);
    }

    /** The node on a host sends a message, which has not left yet. */
    default void sending(Foothold host, Endpoint to, Message message) {
        host.send(to, message);
    }
}
