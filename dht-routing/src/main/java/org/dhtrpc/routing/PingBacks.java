package org.dhtrpc.routing;

import java.util.HashSet;
import java.util.Set;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;

/**
 * Pings contacts to see whether they are there: senders of requests that could become contacts, and contacts that have
 * been silent. The table learns from the reply, or from its absence.
 *
 * <p>At most {@link KademliaConfig#MAX_PING_BACKS} at once, one per address: a stranger can forge the source of a request,
 * and must not be able to make us ping the world (flaw F5 is the other extreme: the seed believes the source).
 */
final class PingBacks {
    private final PendingRequests pending;
    private final Set<Endpoint> underWay = new HashSet<>(1);

    PingBacks(PendingRequests pending) {
        this.pending = pending;
    }

    /** Pings a stranger once; a lost ping is not worth a repeat to somebody who may not want it. */
    void stranger(long now, Contact contact) {
        ping(now, contact, 1);
    }

    /** Pings a contact of ours, with repeats. */
    void contact(long now, Contact contact) {
        ping(now, contact, KademliaConfig.MAX_SENDS);
    }

    private void ping(long now, Contact contact, int times) {
        if (underWay.size() >= KademliaConfig.MAX_PING_BACKS || !underWay.add(contact.endpoint())) {
            return;
        }
        pending.submit(now, new PendingRequest(contact.endpoint(), Command.PING, null, null) {
            @Override
            int maxSends() {
                return times;
            }

            @Override
            void replied(long later, Effect.Answer answer) {
                underWay.remove(to);
            }

            @Override
            void failed(long later, DhtException.Reason why) {
                underWay.remove(to);
            }
        });
    }
}
