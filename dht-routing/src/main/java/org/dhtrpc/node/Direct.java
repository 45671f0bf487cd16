package org.dhtrpc.node;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.routing.Effect;
import org.jspecify.annotations.Nullable;

/** One request to one node, between its caller and the machine. On the loop, but for {@link #future}. */
final class Direct<T> {
    private static final long NOT_BEGUN = -1;

    private final Driver driver;
    private final Function<Effect.Answer, T> result;
    private final LoopFuture<T> future;
    private long operation = NOT_BEGUN;

    Direct(Driver driver, Function<Effect.Answer, T> result) {
        this.driver = driver;
        this.result = result;
        this.future = new LoopFuture<>(driver.loop(), () -> driver.execute(this::cancelled, () -> {}));
    }

    /** Completes on the loop; cancelling it cancels the request. */
    CompletableFuture<T> future() {
        return future;
    }

    void begun(long id) {
        operation = id;
        if (future.isCancelled()) {
            cancelled();
        }
    }

    void ended(Effect.@Nullable Answer answer, @Nullable DhtException failure) {
        if (answer != null) {
            future.complete(result.apply(answer));
        } else if (failure != null) {
            future.completeExceptionally(failure);
        }
    }

    private void cancelled() {
        if (operation != NOT_BEGUN) {
            driver.end(operation, new DhtException(Reason.CANCELLED, "The request was cancelled"));
        }
    }
}
