package org.dhtrpc.routing;

import static org.dhtrpc.routing.Invariants.holds;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Request;

/** What handlers of a fuzzed machine have had go on to others, or answered to them. */
final class HandedOn {
    private final Setup setup;
    private final Map<Asked, Endpoint> to = new HashMap<>();

    private record Asked(Endpoint from, long transaction) {}

    HandedOn(Setup setup) {
        this.setup = setup;
    }

    /** What this sender asks goes on to there, or its answer does. */
    void put(Endpoint from, Message question, Endpoint other) {
        to.put(new Asked(from, question.transaction()), other);
    }

    /** Whether this is sent because of that; then it is as it should be. */
    boolean passes(Endpoint from, Message question, Effect.Send effect, int size) {
        Endpoint other = to.get(new Asked(from, question.transaction()));
        boolean relayed = effect.message() instanceof Request request
                && !request.command().builtIn()
                && effect.to().equals(other);
        boolean answered = !(effect.message() instanceof Request) && effect.to().equals(other) && !from.equals(other);
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
