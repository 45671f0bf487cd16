package org.dhtrpc.node;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Everything that callers wait for, so that none of them is forgotten when the node ends, wherever their work has got to
 * by then: on its way to the loop, with the resolver, in the machine. From any thread.
 */
final class Callers {
    private final String kind;
    private final int most;

    /** In the order in which they came, and told in that order: a simulation must not depend on hash codes. */
    private Set<Caller> waiting = Collections.emptySet();

    private @Nullable DhtException over;

    /** Somebody who waits. */
    interface Caller {
        /** It ends like this, if it has not ended yet. On any thread. */
        void end(DhtException failure);
    }

    /**
     * @param kind what they wait for, in the plural, for the message to the one who is too much
     * @param most how many may wait at once
     */
    Callers(String kind, int most) {
        this.kind = kind;
        this.most = most;
    }

    /** Takes a caller in until it {@linkplain #leave leaves}; false if it was ended at once instead. */
    boolean admit(Caller caller) {
        DhtException refusal = refusal(caller);
        if (refusal != null) {
            caller.end(refusal);
        }
        return refusal == null;
    }

    private synchronized @Nullable DhtException refusal(Caller caller) {
        if (over != null) {
            return over;
        }
        if (waiting.size() >= most) {
            return new DhtException(
                    Reason.OVERLOADED, "The node has " + most + " " + kind + " under way, the most it takes");
        }
        if (waiting.isEmpty()) {
            waiting = new LinkedHashSet<>();
        }
        waiting.add(caller);
        return null;
    }

    /** Nothing is owed to this caller any more. */
    synchronized void leave(Caller caller) {
        waiting.remove(caller);
        if (waiting.isEmpty()) {
            waiting = Collections.emptySet();
        }
    }

    /** Ends all who wait, and all who come later. */
    void end(DhtException failure) {
        for (Caller caller : close(failure)) {
            caller.end(failure);
        }
    }

    private synchronized List<Caller> close(DhtException failure) {
        over = failure;
        List<Caller> all = List.copyOf(waiting);
        waiting = Collections.emptySet();
        return all;
    }
}
