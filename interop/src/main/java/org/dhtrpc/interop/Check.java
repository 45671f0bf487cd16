package org.dhtrpc.interop;

import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.dhtrpc.DhtException;
import org.jspecify.annotations.Nullable;

/** What a case demands; an {@link AssertionError} that says what was found ends it. */
final class Check {
    private Check() {}

    static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    static void equal(@Nullable Object expected, @Nullable Object found, String what) {
        that(Objects.equals(expected, found), what + ": expected " + expected + ", found " + found);
    }

    /** The same elements, in whatever order. */
    static void same(Collection<?> expected, Collection<?> found, String what) {
        Set<Object> missing = new HashSet<>(expected);
        missing.removeAll(found);
        Set<Object> extra = new HashSet<>(found);
        extra.removeAll(expected);
        that(
                missing.isEmpty() && extra.isEmpty() && expected.size() == found.size(),
                what + ": " + found.size() + " for " + expected.size() + ", missing " + missing + ", extra " + extra);
    }

    /** A call of ours that has to fail like this. */
    static DhtException fails(DhtException.Reason reason, CompletionStage<?> call, String what) {
        DhtException failure = (DhtException) failure(DhtException.class, call, what);
        equal(reason, failure.reason(), what);
        return failure;
    }

    /** A call of an agent's that has to fail. */
    static AgentException fails(CompletionStage<?> call, String what) {
        return (AgentException) failure(AgentException.class, call, what);
    }

    private static Throwable failure(Class<?> type, CompletionStage<?> call, String what) {
        try {
            Object result = call.toCompletableFuture().get();
            throw new AssertionError(what + ": expected a failure, found " + result);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            that(type.isInstance(cause), what + ": " + cause);
            return cause;
        } catch (InterruptedException e) {
            throw Lab.outOfTime();
        }
    }
}
