package org.dhtrpc.routing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * Received requests that a handler answers: those that wait for it, and those answered a short while ago.
 *
 * <p>A handler runs at most once for a transaction id of a sender: a repeat is absorbed while the handler works, and gets
 * the same reply afterwards. Both memories are bounded, and neither is kept longer than a requester waits.
 */
final class Calls {
    private final long horizon;
    private final Deadlines deadlines;
    private Map<Long, Call> waiting = Collections.emptyMap();

    /** In order of arrival, so that the oldest are the first to be forgotten. */
    private Map<Origin, Call> remembered = Collections.emptyMap();

    private long ids;

    /** What a repeat has in common with the first send. */
    private record Origin(Endpoint from, long transaction) {}

    /** A request and, once it is known, the reply. */
    final class Call extends Deadlines.Entry {
        final long id;
        final Endpoint from;
        final Request request;

        /** How many bytes the reply may have. */
        final int limit;

        private final long received;

        @Nullable
        Reply reply;

        private Call(long id, Endpoint from, Request request, int limit, long received) {
            this.id = id;
            this.from = from;
            this.request = request;
            this.limit = limit;
            this.received = received;
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
        return remembered.size();
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
        Call call = remembered.get(new Origin(from, request.transaction()));
        return call != null && call.request.equals(request) ? call : null;
    }

    Call begin(long now, Endpoint from, Request request, int limit) {
        if (waiting.isEmpty()) {
            waiting = new LinkedHashMap<>();
        }
        if (remembered.isEmpty()) {
            remembered = new LinkedHashMap<>();
        }
        Call call = new Call(ids++, from, request, limit, now);
        waiting.put(call.id, call);
        Origin origin = new Origin(from, request.transaction());
        remembered.remove(origin);
        remembered.put(origin, call);
        deadlines.set(call, now + horizon);
        return call;
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
        remembered.clear();
    }

    /** Forgets what nobody can repeat any more, and more if there is no room for another. */
    void forgetOld(long now) {
        var oldest = remembered.values().iterator();
        while (oldest.hasNext()) {
            boolean old = now - oldest.next().received >= horizon;
            if (!old && remembered.size() < KademliaConfig.MAX_REMEMBERED) {
                return;
            }
            oldest.remove();
        }
    }
}
