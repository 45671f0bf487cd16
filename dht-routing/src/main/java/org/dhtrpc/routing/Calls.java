package org.dhtrpc.routing;

import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * Received requests that a handler answers: those that wait for it, and those answered a short while ago.
 *
 * <p>A handler runs at most once for a transaction id of a sender: a repeat is absorbed while the handler works, and gets
 * the same reply afterwards. Both memories are bounded, and neither is kept longer than a requester waits.
 */
final class Calls {
    private static final @Nullable Call[] NONE = {};

    /**
     * How many meet in one chain: hardly ever three by chance, and thousands if a stranger chooses the ids. The older ones
     * are not recognised any more, which strangers in such numbers can have anyway; but nobody compares them all.
     */
    static final int LONGEST_CHAIN = 16;

    private final long horizon;
    private final Deadlines deadlines;
    private final Numbered<Call> waiting = new Numbered<>();

    // Those that are remembered: a list in order of arrival, the oldest of which is the first to be forgotten, and a
    // hash table by sender and transaction id, whose chains have the newest first.

    private @Nullable Call oldest;
    private @Nullable Call newest;
    private @Nullable Call[] chains = NONE;
    private int remembered;

    private long ids;

    /** A request and, once it is known, the reply. */
    final class Call extends Deadlines.Entry {
        final long id;
        final Asked asked;

        private final long received;
        private final int hash;
        private @Nullable Call later;
        private @Nullable Call chained;

        /** What was sent in the end: to whoever asked, or on. */
        Effect.@Nullable Send answer;

        private Call(long id, Asked asked, long received) {
            this.id = id;
            this.asked = asked;
            this.received = received;
            this.hash = hash(asked.from(), asked.request().transaction());
        }

        private boolean asks(Endpoint from, Request request) {
            return asked.from().equals(from) && asked.request().equals(request);
        }

        /** The handler took too long: the requester has given up by now. */
        @Override
        void expire(long now) {
            waiting.remove(id);
            forgetOld(now);
        }
    }

    Calls(long horizon, Deadlines deadlines) {
        this.horizon = horizon;
        this.deadlines = deadlines;
    }

    /** How many wait for a handler. */
    int size() {
        return waiting.size();
    }

    /** How many would be recognised if they were repeated. */
    int remembered() {
        return remembered;
    }

    boolean full() {
        return waiting.size() >= KademliaConfig.MAX_CALLS;
    }

    /**
     * The call that this request repeats, null if it is a new one. A repeat is the same message: where ids are short, a
     * sender uses one for the next question soon enough.
     */
    @Nullable
    Call repeated(long now, Endpoint from, Request request) {
        forgetOld(now);
        if (remembered == 0) {
            return null;
        }
        int hash = hash(from, request.transaction());
        Call call = chains[chain(hash)];
        while (call != null && !(call.hash == hash && call.asks(from, request))) {
            call = call.chained;
        }
        return call;
    }

    Call begin(long now, Asked asked) {
        Call call = new Call(ids++, asked, now);
        waiting.put(call.id, call);
        remember(call);
        deadlines.set(call, now + horizon);
        return call;
    }

    private void remember(Call call) {
        if (newest == null) {
            oldest = call;
        } else {
            newest.later = call;
        }
        newest = call;
        if (remembered++ < chains.length) {
            chain(call);
            return;
        }
        chains = new Call[Math.max(4, 2 * chains.length)];
        for (Call each = oldest; each != null; each = each.later) {
            chain(each);
        }
    }

    private void chain(Call call) {
        int chain = chain(call.hash);
        call.chained = chains[chain];
        chains[chain] = call;
        Call last = call;
        for (int i = 1; i < LONGEST_CHAIN && last != null; i++) {
            last = last.chained;
        }
        if (last != null) {
            last.chained = null;
        }
    }

    private int chain(int hash) {
        return hash & chains.length - 1;
    }

    private static int hash(Endpoint from, long transaction) {
        return 31 * from.hashCode() + Long.hashCode(transaction);
    }

    /** The call with this id, which no longer waits then; null if it was answered before, or too late. */
    @Nullable
    Call end(long id) {
        Call call = waiting.remove(id);
        if (call != null) {
            deadlines.cancel(call);
        }
        return call;
    }

    /** Waits for no handler any more. */
    void rest() {
        waiting.clear();
    }

    /** Forgets everything. */
    void close() {
        waiting.clear();
        oldest = null;
        newest = null;
        chains = NONE;
        remembered = 0;
    }

    /** Forgets what nobody can repeat any more, and more if there is no room for another. */
    void forgetOld(long now) {
        for (Call call = oldest; call != null; call = oldest) {
            boolean old = now - call.received >= horizon;
            if (!old && remembered < KademliaConfig.MAX_REMEMBERED) {
                return;
            }
            forget(call);
        }
    }

    /** Forgets the oldest, which is the last of its chain, or in none any more. */
    private void forget(Call call) {
        oldest = call.later;
        // A collector may not look at those that grew old for a long time, and would keep all that follow one of them.
        call.later = null;
        if (--remembered == 0) {
            newest = null;
            chains = NONE;
            return;
        }
        int chain = chain(call.hash);
        Call before = chains[chain];
        if (before == call) {
            chains[chain] = null;
            return;
        }
        while (before != null && before.chained != call) {
            before = before.chained;
        }
        if (before != null) {
            before.chained = null;
        }
    }
}
