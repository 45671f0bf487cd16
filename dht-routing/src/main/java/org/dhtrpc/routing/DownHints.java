package org.dhtrpc.routing;

import java.time.Duration;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;
import org.dhtrpc.spi.Wire;

/**
 * Tells those who named a node that it did not answer us, and has a contact of ours pinged when others say so of it: a hint
 * is no proof. At most {@value #MOST_SENT} leave in {@link #SPAN}; at most {@value #MOST_CHECKED} contacts are checked at
 * once because of hints, and none that was heard of in the last {@link #SPAN}.
 */
final class DownHints {
    static final Duration SPAN = Duration.ofSeconds(5);
    static final int MOST_SENT = 50;
    static final int MOST_CHECKED = 10;

    /** Sends after which a node that is silent is worth a hint: more than one datagram got lost, or it is gone. */
    private static final int SENDS = 2;

    private final boolean expressible;
    private final RoutingTable table;
    private final PingBacks pings;
    private final PendingRequests pending;
    private final Counters counters;

    private long since;
    private int sent;
    private int checking;

    DownHints(Wire wire, RoutingTable table, PingBacks pings, PendingRequests pending, Counters counters) {
        this.expressible = wire.commands().test(Command.DOWN_HINT);
        this.table = table;
        this.pings = pings;
        this.pending = pending;
        this.counters = counters;
    }

    /** A request was not answered: whoever has named its receiver hears of it. */
    void unanswered(long now, PendingRequest request) {
        if (!expressible || request.sends < SENDS) {
            return;
        }
        for (Endpoint referrer : request.referrers()) {
            if (!mayLeave(now)) {
                return;
            }
            sent++;
            counters.hintsSent++;
            pending.submit(now, new Hint(referrer, Arguments.ofEndpoint(request.to)));
        }
    }

    private boolean mayLeave(long now) {
        if (sent == 0 || now - since >= SPAN.toNanos()) {
            since = now;
            sent = 0;
        }
        return sent < MOST_SENT;
    }

    /** Somebody says that nobody answers there. */
    void received(long now, Endpoint suspect) {
        Contact contact = table.silentSince(suspect, now - SPAN.toNanos());
        if (contact == null || checking >= MOST_CHECKED || pings.underWay(contact)) {
            return;
        }
        checking++;
        counters.hintsReceived++;
        pings.check(now, contact, later -> checking--);
    }

    /** Forgets what is under way. */
    void close() {
        checking = 0;
        sent = 0;
    }

    /** One hint. It is sent once, and nothing follows from its being lost. */
    private static final class Hint extends PendingRequest {
        Hint(Endpoint to, Bytes suspect) {
            super(to, Command.DOWN_HINT, null, false, null, suspect);
        }

        @Override
        int maxSends() {
            return 1;
        }

        @Override
        boolean tells() {
            return false;
        }

        @Override
        void replied(long now, Effect.Answer answer) {}

        @Override
        void failed(long now, DhtException.Reason why) {}
    }
}
