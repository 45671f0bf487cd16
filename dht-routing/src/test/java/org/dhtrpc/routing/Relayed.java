package org.dhtrpc.routing;

import static org.dhtrpc.routing.Invariants.holds;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;

/** What a machine does about requests that are to be relayed, or were. */
final class Relayed {
    private final Setup setup;
    private final Map<Endpoint, Count> asked = new HashMap<>();
    private final Map<Endpoint, Count> reached = new HashMap<>();

    /** What was sent because of an address, or to it. */
    private static final class Count {
        private final long since;
        private long count;

        Count(long since) {
            this.since = since;
        }

        boolean fits(long now, Rate rate) {
            return ++count <= rate.burst() + (now - since) * rate.perSecond() / 1_000_000_000L;
        }
    }

    Relayed(Setup setup) {
        this.setup = setup;
    }

    /** Whether this is sent because of a request of the kind; then it is as it should be. */
    boolean passes(long now, Endpoint from, Message question, Effect.Send effect, int size, Predicate<Endpoint> known) {
        if (!(question instanceof Request request) || request.relay() == null) {
            return false;
        }
        Relay relay = request.relay();
        Message message = effect.message();
        boolean ping = request.command().equals(Command.PING) && message.transaction() == request.transaction();
        holds(setup.wire.relays() && ping && !effect.sibling(), "a ping is relayed", effect);
        holds(effect.to().equals(relay.endpoint()), "to where it asks for", effect);
        holds(size <= setup.size.applyAsInt(question), "nothing grows", effect);
        if (relay.kind() == Relay.Kind.FORWARD_TO) {
            holds(known.test(effect.to()), "it goes on to somebody whom we know", effect);
            Relay next = new Relay(Relay.Kind.ANSWER_TO, from);
            holds(message instanceof Request goes && next.equals(goes.relay()), "once", effect);
            holds(message.sender() == null, "without an id", effect);
        } else {
            holds(known.test(from), "it comes from somebody whom we know", effect);
            boolean pong = message instanceof Reply reply && reply.contacts() == null && reply.token() == null;
            holds(pong, "and is answered by a pong", effect);
        }
        Count source = asked.computeIfAbsent(from, any -> new Count(now));
        Count target = reached.computeIfAbsent(effect.to(), any -> new Count(now));
        holds(source.fits(now, Relays.SOURCE) && target.fits(now, Relays.TARGET), "not too often", effect);
        return true;
    }
}
