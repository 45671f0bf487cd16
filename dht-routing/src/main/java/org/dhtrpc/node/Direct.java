package org.dhtrpc.node;

import java.time.Duration;
import java.util.function.Function;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.routing.Effect;
import org.jspecify.annotations.Nullable;

/**
 * One request to one node, between its caller and the machine. On the loop.
 *
 * @param question what is asked
 * @param result what the caller is given of the answer
 * @param future the caller's
 */
record Direct<T>(Question question, Function<Effect.Answer, T> result, LoopFuture<T> future) {
    /**
     * What is asked, and how long the answer may take.
     *
     * @param command see {@link org.dhtrpc.message.Request}
     * @param target see there
     * @param value see there
     * @param timeout from the call on
     */
    record Question(
            Command command, @Nullable Key target, @Nullable Bytes value, Duration timeout) {}

    /** It has ended with one of the two. */
    void ended(Effect.@Nullable Answer answer, @Nullable DhtException failure) {
        if (answer != null) {
            future.complete(result.apply(answer));
        } else if (failure != null) {
            future.completeExceptionally(failure);
        }
    }

    /** Why the machine is told to give it up. */
    static DhtException cancelled() {
        return new DhtException(Reason.CANCELLED, "The request was cancelled");
    }
}
