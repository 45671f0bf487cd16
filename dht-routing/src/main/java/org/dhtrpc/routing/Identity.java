package org.dhtrpc.routing;

import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/**
 * Who we are.
 *
 * @param id our id; the routing table is arranged around it even if nobody is told
 * @param endpoint the address we are bound to, which may be a wildcard
 * @param ephemeral whether we keep the id to ourselves
 */
record Identity(Key id, Endpoint endpoint, boolean ephemeral) {
    /** What goes into the sender field of our messages. */
    @Nullable
    Key sender() {
        return ephemeral ? null : id;
    }

    /** Whether a contact has our id or address. */
    boolean is(Contact contact) {
        return contact.id().equals(id) || at(contact.endpoint());
    }

    /** Whether this is the address that we are bound to. */
    boolean at(Endpoint address) {
        return address.equals(endpoint);
    }
}
