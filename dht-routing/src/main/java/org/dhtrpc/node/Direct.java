package org.dhtrpc.node;

import java.util.function.Function;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.routing.Effect;
import org.jspecify.annotations.Nullable;

/** One request to one node: what is asked, and the future of whoever asks. On the loop, but for what a future can do. */
final class Direct<T> extends LoopFuture<T> implements Asking {
    private static final long NOT_ENTERED = -1;

    final Command command;
    final @Nullable Key target;
    final @Nullable Bytes value;

    /** Who else may answer; null if nobody. */
    final @Nullable Endpoint answeredBy;

    /** How long the answer may take from the call on, in nanoseconds. */
    final long timeout;

    private final Driver driver;
    private final Function<Effect.Answer, T> result;
    private long operation = NOT_ENTERED;

    /** @param result what the caller is given of the answer */
    Direct(
            Driver driver,
            Command command,
            @Nullable Key target,
            @Nullable Bytes value,
            @Nullable Endpoint answeredBy,
            long timeout,
            Function<Effect.Answer, T> result) {
        super(driver.loop);
        this.driver = driver;
        this.command = command;
        this.target = target;
        this.value = value;
        this.answeredBy = answeredBy;
        this.timeout = timeout;
        this.result = result;
    }

    /** It is in the machine, under this number. */
    void entered(long operation) {
        this.operation = operation;
    }

    /** Its caller's place is free for what the caller may ask next. */
    @Override
    public void ended(Effect.@Nullable Answer answer, @Nullable DhtException failure) {
        leave();
        if (answer != null) {
            complete(result.apply(answer));
        } else if (failure != null) {
            completeExceptionally(failure);
        }
    }

    /** Nothing is owed to the caller any more. */
    void leave() {
        driver.callers.leave(this);
    }

    @Override
    void cancelled() {
        driver.execute(() -> {
            DhtException failure = new DhtException(Reason.CANCELLED, "The request was cancelled");
            if (operation == NOT_ENTERED) {
                ended(null, failure);
            } else {
                driver.dispatch.cancel(operation, failure);
            }
        });
    }
}
