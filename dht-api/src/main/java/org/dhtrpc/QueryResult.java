package org.dhtrpc;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One node's answer: a reply without an error.
 *
 * @param phase whether it came from the discovery or from the commit
 * @param from the address that answered
 * @param id the id that the node sent; null only for a node that was asked by address and sent none
 * @param referrer who named the node, null if it was ours already or asked by address
 * @param value the value of the reply; null if it has none
 * @param roundTripTime from the send that was answered, or the first one if that is not known, to the reply
 */
public record QueryResult(
        Phase phase,
        Endpoint from,
        @Nullable Key id,
        @Nullable Endpoint referrer,
        @Nullable Bytes value,
        Duration roundTripTime) {
    /** The node as a contact, if it sent its id. */
    public Optional<Contact> contact() {
        return Optional.ofNullable(id).map(known -> new Contact(known, from));
    }
}
