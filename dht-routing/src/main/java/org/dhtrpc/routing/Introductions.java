package org.dhtrpc.routing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Strangers who ask for nodes on a wire where nobody proves an address by itself. They are pinged first, and answered when that
 * is over, so that each who joins is told of those before it: npm's nodes are listed with their first datagram, and those that
 * join by one node at the same moment rely on it.
 *
 * <p>Nobody waits longer than {@link #PATIENCE} for its answer; who repeats its question meanwhile waits on. Those who find
 * all ping-backs taken queue for one. Beyond {@value #MOST} strangers they are answered at once, and not pinged.
 */
final class Introductions {
    static final int MOST = 256;

    /** Less than npm's nodes wait before they ask again, 1 s, and more than nearly all round trips. */
    static final Duration PATIENCE = Duration.ofMillis(250);

    private final PingBacks pings;
    private final Deadlines deadlines;
    private final Answers answers;

    /** By where they are, until their ping is over. */
    private Map<Endpoint, Introduction> strangers = Collections.emptyMap();

    /** Those of them who were not pinged yet. */
    private Queue<Introduction> queue = new ArrayDeque<>(0);

    /** Who answers in the end. */
    @FunctionalInterface
    interface Answers {
        void answer(long now, Asked asked);
    }

    Introductions(PingBacks pings, Deadlines deadlines, Answers answers) {
        this.pings = pings;
        this.deadlines = deadlines;
        this.answers = answers;
    }

    int size() {
        return strangers.size();
    }

    /** Answers a stranger who asks for nodes, after it was pinged if we want it. */
    void answer(long now, Contact stranger, Asked asked) {
        Introduction earlier = strangers.get(stranger.endpoint());
        if (earlier != null) {
            if (!earlier.isAbout(asked)) {
                answers.answer(now, asked);
            }
        } else if (strangers.size() >= MOST || !pings.wants(stranger)) {
            answers.answer(now, asked);
        } else {
            strangers = strangers.isEmpty() ? new HashMap<>() : strangers;
            Introduction introduction = new Introduction(stranger, asked);
            strangers.put(stranger.endpoint(), introduction);
            queue.add(introduction);
            deadlines.set(introduction, now + PATIENCE.toNanos());
            next(now);
        }
    }

    private void next(long now) {
        while (!queue.isEmpty() && !pings.full()) {
            Introduction next = queue.remove();
            if (!pings.stranger(now, next.contact, next::over)) {
                next.over(now);
            }
        }
    }

    /** Answers nobody any more. */
    void close() {
        strangers = Collections.emptyMap();
        queue = new ArrayDeque<>(0);
    }

    private final class Introduction extends Deadlines.Entry {
        private final Contact contact;

        /** Null once it was answered. */
        private @Nullable Asked asked;

        Introduction(Contact contact, Asked asked) {
            this.contact = contact;
            this.asked = asked;
        }

        /** Whether a further request is the one that waits for its answer, once more. */
        boolean isAbout(Asked again) {
            return asked != null && asked.request().equals(again.request());
        }

        @Override
        void expire(long now) {
            settle(now);
        }

        /** Its ping is. */
        void over(long now) {
            strangers.remove(contact.endpoint());
            settle(now);
            next(now);
        }

        private void settle(long now) {
            Asked question = asked;
            asked = null;
            deadlines.cancel(this);
            if (question != null) {
                answers.answer(now, question);
            }
        }
    }
}
