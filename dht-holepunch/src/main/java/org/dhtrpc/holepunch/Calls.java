package org.dhtrpc.holepunch;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Who waits for an outcome: all of them, on any thread; and by the number that the {@link Agent} has given a call, on the loop. */
final class Calls {
    private final Supplier<PunchException> closedException;
    private final Map<Long, Call<?>> byNumber = new HashMap<>();
    private final Set<CompletableFuture<?>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private record Call<T>(Class<T> type, CompletableFuture<T> future) {
        void end(Effect.Ended ended) {
            if (ended.failure() != null) {
                future.completeExceptionally(ended.failure());
            } else {
                future.complete(type.cast(ended.outcome()));
            }
        }
    }

    /** @param closedException how those fail who still wait when all is closed, or come later */
    Calls(Supplier<PunchException> closedException) {
        this.closedException = closedException;
    }

    /** One more who waits. */
    @SuppressWarnings("CollectionUndefinedEquality") // By identity, which is what is meant.
    <T> CompletableFuture<T> add() {
        CompletableFuture<T> future = new CompletableFuture<>();
        waiting.add(future);
        future.whenComplete((outcome, failure) -> waiting.remove(future));
        if (closed) {
            future.completeExceptionally(closedException.get());
        }
        return future;
    }

    <T> void begun(long number, Class<T> type, CompletableFuture<T> future) {
        byNumber.put(number, new Call<>(type, future));
    }

    void ended(Effect.Ended ended) {
        Call<?> call = byNumber.remove(ended.call());
        if (call != null) {
            call.end(ended);
        }
    }

    void close() {
        closed = true;
        waiting.forEach(future -> future.completeExceptionally(closedException.get()));
    }
}
