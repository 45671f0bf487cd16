package org.dhtrpc.routing;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * The seed's hole punching, seen from those who help: a referrer passes a ping on to the peer, and the peer answers straight
 * to whoever has sent it, whose NAT an earlier request has opened.
 *
 * <p>The seed does so for anybody and to any address (flaw F30). Here a referrer passes on to those whom it knows, and a peer
 * answers for referrers whom it knows: live contacts, and those who have answered in the last minute. Nothing leaves that is
 * larger than what came in, of what an address asks no more than {@link #SOURCE} and to one no more than {@link #TARGET}, and
 * nobody is reached who is nearer to us than whoever names him. The sender's id is not passed on: with our address it would
 * teach the peer a contact that is not there (flaw F7).
 */
final class Relays {
    static final Rate SOURCE = Rate.of(5, 10).evenLocally();
    static final Rate TARGET = Rate.of(10, 10).evenLocally();

    /** Those who are remembered for a minute. */
    static final int MOST = 1_024;

    private static final long LATELY = Duration.ofMinutes(1).toNanos();

    private final Identity self;
    private final Reach reach;
    private final RoutingTable table;
    private final Replies replies;
    private final Outbox outbox;
    private final Rates sources = new Rates(SOURCE);
    private final Rates targets = new Rates(TARGET);

    /** When each has answered, the least recent first. */
    private Map<Endpoint, Long> answered = Collections.emptyMap();

    Relays(Identity self, Reach reach, RoutingTable table, Replies replies, Outbox outbox) {
        this.self = self;
        this.reach = reach;
        this.table = table;
        this.replies = replies;
        this.outbox = outbox;
    }

    int size() {
        return answered.size();
    }

    /** Somebody has answered a request of ours. */
    void answered(long now, Endpoint from) {
        if (answered.isEmpty()) {
            answered = new LinkedHashMap<>();
        }
        answered.remove(from);
        answered.put(from, now);
        forgetStale(now);
    }

    /** Two at most for each that is added, so that they become fewer again and no single answer pays for all. */
    private void forgetStale(long now) {
        for (int i = 0; i < 2; i++) {
            Map.Entry<Endpoint, Long> first = answered.entrySet().iterator().next();
            if (answered.size() <= MOST && now - first.getValue() <= LATELY) {
                return;
            }
            answered.remove(first.getKey());
        }
    }

    private boolean knows(long now, Endpoint endpoint) {
        Long last = answered.get(endpoint);
        // Whatever time it was heard of last: a contact that is gone is not live for long.
        return (last != null && now - last <= LATELY) || table.silentSince(endpoint, now) != null;
    }

    /**
     * Passes a request on, or answers one that was.
     *
     * @param size the bytes of the request
     * @return false if that is not done
     */
    boolean receive(long now, Endpoint from, Request request, Relay relay, int size) {
        boolean passesOn = relay.kind() == Relay.Kind.FORWARD_TO;
        Endpoint other = relay.endpoint();
        if (!request.command().equals(Command.PING)
                || other.equals(from)
                || !reach.has(other)
                || !Scope.mayName(from, other)
                || !knows(now, passesOn ? other : from)) {
            return false;
        }
        Effect.Send send = passesOn ? passedOn(request, from, other, size) : pong(request, other, size);
        if (send == null || !sources.allows(now, from, false) || !targets.allows(now, other, false)) {
            return false;
        }
        replies.again(send);
        if (passesOn) {
            outbox.publish(new DhtEvent.PingRelayed(from, other));
        }
        return true;
    }

    private Effect.@Nullable Send passedOn(Request request, Endpoint from, Endpoint to, int size) {
        Relay relay = new Relay(Relay.Kind.ANSWER_TO, from);
        Request ping = new Request(request.transaction(), null, to, Command.PING, null, false, null, null, relay, 0);
        return replies.size(ping) > size ? null : new Effect.Send(to, ping, false);
    }

    /** With our id, if there is room for it. */
    private Effect.@Nullable Send pong(Request request, Endpoint to, int size) {
        Reply pong =
                new Reply(request.transaction(), self.sender(), to, null, null, ErrorCode.NONE, SeenAddress.write(to));
        if (replies.size(pong) > size) {
            pong = new Reply(request.transaction(), null, to, null, null, ErrorCode.NONE, pong.value());
        }
        return replies.size(pong) > size ? null : new Effect.Send(to, pong, false);
    }
}
