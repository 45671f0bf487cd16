package org.dhtrpc.routing;

import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Forward;
import org.dhtrpc.Phase;

/** The handlers of a fuzzed machine: whether there are any, and what becomes of their calls. */
final class FuzzedHandlers {
    private final Choices choices;
    private final Crowd crowd;
    private final FuzzedMessages messages;
    private final Invariants invariants;
    private final Kademlia machine;

    FuzzedHandlers(Choices choices, Crowd crowd, FuzzedMessages messages, Invariants invariants, Kademlia machine) {
        this.choices = choices;
        this.crowd = crowd;
        this.messages = messages;
        this.invariants = invariants;
        this.machine = machine;
    }

    void handle(long now) {
        machine.handle(now, messages.applicationCommand(), phase());
    }

    void unhandle(long now) {
        machine.unhandle(now, messages.applicationCommand(), phase());
    }

    private Phase phase() {
        return choices.once(2) ? Phase.COMMIT : Phase.DISCOVERY;
    }

    void answer(long now) {
        List<Effect.Call> calls = invariants.calls;
        if (!calls.isEmpty()) {
            long call =
                    calls.get(calls.size() - 1 - choices.below(calls.size())).call();
            int error = choices.once(4) ? choices.below(20) : 0;
            invariants.answering(call);
            machine.answer(now, call, error, choices.once(2) ? choices.filled(6 * choices.any()) : null);
        }
    }

    void forward(long now) {
        List<Effect.Call> calls = invariants.calls;
        if (!calls.isEmpty()) {
            long call =
                    calls.get(calls.size() - 1 - choices.below(calls.size())).call();
            Endpoint to = crowd.endpoint(choices);
            Bytes value = choices.once(2) ? choices.filled(6 * choices.any()) : null;
            invariants.forwarding(call, to);
            machine.forward(now, call, new Forward(to, value, choices.once(2)));
        }
    }
}
