package org.dhtrpc.routing;

import static org.dhtrpc.routing.Invariants.holds;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Request;

/** What handlers of a fuzzed machine have had go on to others, or answered to them. */
final class HandedOn {
    private final Setup setup;
    private final Map<Asked, Set<Endpoint>> to = new HashMap<>();

    /** One transaction may have several questions. */
    private record Asked(Endpoint from, Message question) {}

    HandedOn(Setup setup) {
        this.setup = setup;
    }

    /** What this sender asks goes on to there, or its answer does; a handler that says it twice is heard the first time. */
    void put(Endpoint from, Message question, Endpoint other) {
        to.computeIfAbsent(new Asked(from, question), any -> new HashSet<>()).add(other);
    }

    /** Whether this is sent because of that; then it is as it should be. */
    boolean passes(Endpoint from, Message question, Effect.Send effect, int size) {
        boolean there = to.getOrDefault(new Asked(from, question), Set.of()).contains(effect.to());
        boolean relayed = effect.message() instanceof Request request
                && !request.command().builtIn()
                && there;
        boolean answered = !(effect.message() instanceof Request) && there && !from.equals(effect.to());
        if (!(question instanceof Request asks) || !(relayed || answered)) {
            return false;
        }
        int factor = setup.wire.replyFactor();
        long limit = factor == 0 ? Long.MAX_VALUE : (long) factor * setup.size.applyAsInt(asks);
        holds(size <= limit, "no more goes on than the asker may have had sent", effect);
        if (effect.message() instanceof Request goes) {
            boolean same = goes.transaction() == asks.transaction()
                    && goes.command().equals(asks.command())
                    && Objects.equals(goes.target(), asks.target());
            holds(same && goes.token() == null && !goes.commit(), "the same question goes on", effect);
        }
        return true;
    }
}
