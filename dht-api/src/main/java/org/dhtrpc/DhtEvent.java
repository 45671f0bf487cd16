package org.dhtrpc;

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
     * A datagram was dropped. One event for each, as often as strangers like.
     *
     * @param from where it says it came from
     * @param reason why
     */
    record DatagramRejected(Endpoint from, Rejection reason) implements DhtEvent {}

    /**
     * A handler of the application's threw; the caller was answered with an error.
     *
     * @param query what it was given
     * @param cause what it threw, or failed with
     */
    record HandlerFailed(IncomingQuery query, Throwable cause) implements DhtEvent {}
}
