package org.dhtrpc;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a node and that no call returns. Delivered to the listeners of {@link Dht#onEvent},
 * one at a time, on the node's loop; only the last one of a node that is closed without its loop comes on the thread that
 * closes it. Later versions may add kinds, so have a default branch.
 */
public interface DhtEvent {
    /**
     * The node's standing changed.
     *
     * @param state the new one
     */
    record StateChanged(DhtState state) implements DhtEvent {}

    /**
     * A contact has proven itself and is in the routing table.
     *
     * @param contact the contact
     */
    record ContactAdded(Contact contact) implements DhtEvent {}

    /**
     * A contact has left the routing table.
     *
     * @param contact the contact
     */
    record ContactRemoved(Contact contact) implements DhtEvent {}

    /**
     * Others see the node at another address than before, or it is no longer known at which. Most of those who answer say the
     * same of it (see {@link Dht#publicAddress}).
     *
     * @param address the address, with port 0 if each sees another port; null if they do not agree
     */
    record AddressChanged(@Nullable Endpoint address) implements DhtEvent {}

    /**
     * The node has become persistent: it tells its id, and is listed. It is known to be reached from outside, or has a hole
     * puncher and need not be; {@link KeepaliveChanged} says which.
     *
     * @param id its id from now on
     * @param address where it is reached, with port 0 if only by those to whom it keeps a path open
     */
    record BecamePersistent(Key id, Endpoint address) implements DhtEvent {}

    /** The node has become ephemeral again, since the machine has slept and it may be somewhere else now. */
    record BecameEphemeral() implements DhtEvent {}

    /**
     * A check found that the node is not reached from outside, or not at which address: it stays ephemeral, and tries again.
     *
     * @param reason why, in words
     */
    record StaysEphemeral(String reason) implements DhtEvent {}

    /**
     * How a node that has a hole puncher is reached. If not by strangers, as behind a NAT, or if that is not known, it is listed
     * all the same and pings its nearest contacts every 15 to 25 s, so that those can still reach it, and others by their help.
     * That ends, too, when the node becomes ephemeral, falls silent or is closed.
     *
     * @param active whether it keeps paths open like this
     * @param reason why, or why not, in words
     */
    record KeepaliveChanged(boolean active, String reason) implements DhtEvent {}

    /**
     * Its requests fare better or worse than before.
     *
     * @param health how, now
     */
    record HealthChanged(Health health) implements DhtEvent {}

    /**
     * A datagram was dropped. One event for each, as often as strangers like.
     *
     * @param from where it says it came from
     * @param reason why
     */
    record DatagramRejected(Endpoint from, Rejection reason) implements DhtEvent {}

    /**
     * The node has passed on a ping, so that a hole is punched: the seed's event 'holepunch'. Only on its wire.
     *
     * @param from who wants to reach somebody
     * @param to whom
     */
    record PingRelayed(Endpoint from, Endpoint to) implements DhtEvent {}

    /**
     * A handler of the application's threw; the caller was answered with an error.
     *
     * @param query what it was given
     * @param cause what it threw, or failed with
     */
    record HandlerFailed(IncomingQuery query, Throwable cause) implements DhtEvent {}
}
