package org.dhtrpc.routing;

import java.util.function.Predicate;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;

/**
 * Whom we can send to, and whom we want to deal with. Our own id and address are never candidates.
 *
 * @param transport whether the transport can send to an endpoint at all
 * @param filter whether the application wants to have to do with an endpoint
 */
record Reach(Identity self, Predicate<Endpoint> transport, Predicate<Endpoint> filter) {
    /** Whether a contact can be a candidate. */
    boolean has(Contact contact) {
        return !self.is(contact) && has(contact.endpoint());
    }

    /** Whether somebody else may be there. */
    boolean has(Endpoint endpoint) {
        return !self.at(endpoint) && answers(endpoint) && filter.test(endpoint);
    }

    /** Why nobody is asked there. */
    DhtException failure(Endpoint endpoint) {
        return new DhtException(
                DhtException.Reason.UNKNOWN_HOST, endpoint + " cannot be reached from " + self.endpoint());
    }

    /** Whether a datagram can be sent there, whoever it is: not to a group, nor to all. */
    boolean answers(Endpoint endpoint) {
        return endpoint.port() != 0 && Scope.of(endpoint) != Scope.NOBODY && transport.test(endpoint);
    }
}
