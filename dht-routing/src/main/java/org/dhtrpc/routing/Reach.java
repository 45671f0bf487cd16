package org.dhtrpc.routing;

import java.util.function.Predicate;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;

/**
 * Whom we can send to. Our own id and address are never candidates.
 *
 * @param transport whether the transport can send to an endpoint at all
 */
record Reach(Identity self, Predicate<Endpoint> transport) {
    /** Whether a contact can be a candidate. */
    boolean has(Contact contact) {
        return !self.is(contact) && has(contact.endpoint());
    }

    /** Whether somebody else may be there. */
    boolean has(Endpoint endpoint) {
        return !endpoint.isWildcard() && !self.at(endpoint) && answers(endpoint);
    }

    /** Whether a datagram can be sent there, whoever it is. */
    boolean answers(Endpoint endpoint) {
        return endpoint.port() != 0 && transport.test(endpoint);
    }
}
