package org.dhtrpc.testkit;

import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;

/**
 * Hears every message on the wire of a {@link SimulatedNetwork}, of all hosts, and changes nothing. What it throws ends the
 * run. Datagrams that no codec of a host has made are not told.
 */
public interface Tap {
    /**
     * A host sends a message, whatever will become of it on its way. What an {@link Adversary} keeps back is never sent.
     *
     * @param size bytes of the datagram
     */
    default void sent(SimulatedHost from, Endpoint to, Message message, int size) {}

    /**
     * A message, unharmed, has come to an open socket of a host. If an {@link Adversary} has the host it is told next, and
     * the node only if that lets it.
     *
     * @param from where it seems to come from: the sender's endpoint, what NATs have made of that, or a forged one
     * @param size bytes of the datagram
     */
    default void delivered(SimulatedHost to, Endpoint from, Message message, int size) {}
}
