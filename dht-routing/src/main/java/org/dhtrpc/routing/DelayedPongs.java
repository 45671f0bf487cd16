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
    private Map<Question, Pong> waiting = Collections.emptyMap();

    private record Question(Endpoint from, long transaction) {}

    private final class Pong extends Deadlines.Entry {
        private final Question question;
        private final LongConsumer answer;

        Pong(Question question, LongConsumer answer) {
            this.question = question;
            this.answer = answer;
        }

        @Override
        void expire(long now) {
            waiting.remove(question);
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
        Question question = new Question(from, transaction);
        if (waiting.containsKey(question)) {
            return true;
        }
        if (waiting.size() >= MOST) {
            return false;
        }
        if (waiting.isEmpty()) {
            waiting = new LinkedHashMap<>();
        }
        Pong pong = new Pong(question, answer);
        waiting.put(question, pong);
        deadlines.set(pong, at);
        return true;
    }

    /** Answers nobody any more. */
    void rest() {
        waiting = Collections.emptyMap();
    }
}
