package org.dhtrpc.routing;

import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/** Who we are, and as whom we speak. That may change, once we learn how others see us. */
final class Identity {
    private final Endpoint endpoint;
    private Key id;
    private boolean ephemeral;
    private @Nullable Endpoint address;

    /** Whether what we ask leaves from the sibling socket, so that nobody knows the main one before it was checked. */
    boolean asksFromSibling;

    /**
     * @param id our id; the routing table is arranged around it even if nobody is told
     * @param endpoint the address we are bound to, which may be a wildcard
     * @param address where we are reached from outside, null if that is not certain
     * @param ephemeral whether we keep the id to ourselves
     */
    Identity(Key id, Endpoint endpoint, @Nullable Endpoint address, boolean ephemeral) {
        this.id = id;
        this.endpoint = endpoint;
        this.address = address;
        this.ephemeral = ephemeral;
    }

    Key id() {
        return id;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    boolean ephemeral() {
        return ephemeral;
    }

    /** Where we are reached from outside, null if that is not certain. */
    @Nullable
    Endpoint address() {
        return address;
    }

    /** We are known by this id from now on, at this address. */
    void become(Key next, Endpoint reached) {
        id = next;
        address = reached;
        ephemeral = false;
        asksFromSibling = false;
    }

    /** We are listed no more. */
    void becomeEphemeral() {
        ephemeral = true;
        address = null;
    }

    /** What goes into the sender field of our messages. */
    @Nullable
    Key sender() {
        return ephemeral ? null : id;
    }

    /** Whether a contact has our id or address. */
    boolean is(Contact contact) {
        return contact.id().equals(id) || at(contact.endpoint());
    }

    /** Whether this is the address that we are bound to, or reached at. */
    boolean at(Endpoint other) {
        return other.equals(endpoint) || other.equals(address);
    }
}
