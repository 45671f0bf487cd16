package org.dhtrpc.routing;

import java.util.function.Supplier;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.jspecify.annotations.Nullable;

/** What callers have asked for and wait for: at most {@link KademliaConfig#MAX_OPERATIONS} at once. */
final class Operations {
    private final Numbered<Operation> underWay = new Numbered<>();

    private long ids;

    /** Why none is taken now; null if they are. */
    private @Nullable Supplier<DhtException> refusal;

    int size() {
        return underWay.size();
    }

    /** The id of the next operation. */
    long nextId() {
        return ids++;
    }

    /** Takes an operation, or ends it at once if none is taken, or there are too many. Its id, either way. */
    long begin(long now, Operation operation) {
        if (refusal != null) {
            operation.end(now, refusal.get());
        } else if (underWay.size() >= KademliaConfig.MAX_OPERATIONS) {
            operation.end(
                    now,
                    new DhtException(
                            Reason.OVERLOADED,
                            "The node has " + KademliaConfig.MAX_OPERATIONS
                                    + " operations under way, the most it takes"));
        } else {
            underWay.put(operation.id(), operation);
        }
        return operation.id();
    }

    /** Whether it was taken and has not ended. */
    boolean has(Operation operation) {
        return underWay.get(operation.id()) == operation;
    }

    /** It has ended. */
    void done(Operation operation) {
        underWay.remove(operation.id());
    }

    void demand(long now, long id, long n) {
        Operation wanted = underWay.get(id);
        if (wanted != null) {
            wanted.demand(now, n);
        }
    }

    void cancel(long now, long id, DhtException failure) {
        Operation unwanted = underWay.get(id);
        if (unwanted != null) {
            unwanted.end(now, failure);
        }
    }

    /** Ends all, in the order in which they began, and those that come later. */
    void stop(long now, Reason reason, String why) {
        // Each caller gets its own: an exception can be changed by whoever has it.
        Supplier<DhtException> refused = () -> new DhtException(reason, why);
        refusal = refused;
        for (Operation operation : underWay.inOrder()) {
            operation.end(now, refused.get());
        }
    }

    /** Takes operations again. */
    void resume() {
        refusal = null;
    }
}
