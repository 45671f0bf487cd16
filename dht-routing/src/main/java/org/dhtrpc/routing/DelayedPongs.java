package org.dhtrpc.routing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.dhtrpc.Endpoint;

/**
 * Answers that are to be sent later, to a delayed_ping: {@value #MOST} at most, and of each sender and transaction one, so
 * that a repeat is not answered twice.
 */
final class DelayedPongs {
    static final int MOST = 256;

    private final Deadlines deadlines;
    private Map<Asked, Pong> waiting = Collections.emptyMap();

    private record Asked(Endpoint from, long transaction) {}

    private final class Pong extends Deadlines.Entry {
        private final Asked asked;
        private final LongConsumer answer;

        Pong(Asked asked, LongConsumer answer) {
            this.asked = asked;
            this.answer = answer;
        }

        @Override
        void expire(long now) {
            waiting.remove(asked);
            answer.accept(now);
        }
    }

    DelayedPongs(Deadlines deadlines) {
        this.deadlines = deadlines;
    }

    int size() {
        return waiting.size();
    }

    /** Has a question answered at that time; false if there are too many. */
    boolean put(Endpoint from, long transaction, long at, LongConsumer answer) {
        Asked asked = new Asked(from, transaction);
        if (waiting.containsKey(asked)) {
            return true;
        }
        if (waiting.size() >= MOST) {
            return false;
        }
        if (waiting.isEmpty()) {
            waiting = new LinkedHashMap<>();
        }
        Pong pong = new Pong(asked, answer);
        waiting.put(asked, pong);
        deadlines.set(pong, at);
        return true;
    }

    /** Answers nobody any more. */
    void rest() {
        waiting = Collections.emptyMap();
    }
}
