package org.dhtrpc.node;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.dhtrpc.AsyncQueryHandler;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtException;
import org.dhtrpc.IncomingQuery;
import org.dhtrpc.Phase;
import org.dhtrpc.QueryHandler;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The application's handlers, and how one is run so that it harms nobody. On the loop only. */
final class Handlers {
    private final Consumer<Runnable> inputs;
    private Map<Slot, Registered> handlers = Collections.emptyMap();

    private record Slot(Command command, Phase phase) {}

    /** One registration; of the same handler there may be several, and each is taken back for itself. */
    static final class Registered {
        private final Slot slot;
        private final Handler handler;

        private Registered(Command command, Phase phase, Handler handler) {
            this.slot = new Slot(command, phase);
            this.handler = handler;
        }

        /** One that answers before it returns. */
        static Registered atOnce(Command command, Phase phase, QueryHandler handler) {
            return new Registered(command, phase, (query, outcome, inputs) -> {
                Bytes value;
                try {
                    value = handler.handle(query);
                } catch (Throwable e) {
                    failed(e, outcome);
                    return;
                }
                outcome.ended(ErrorCode.NONE, value, null);
            });
        }

        /** One that may answer later, on any thread. */
        static Registered later(Command command, Phase phase, AsyncQueryHandler handler) {
            return new Registered(command, phase, (query, outcome, inputs) -> {
                try {
                    CompletionStage<? extends @Nullable Bytes> answer = handler.handle(query);
                    Objects.requireNonNull(
                                    answer, () -> "The handler of " + command + " returned null instead of a stage")
                            .whenComplete((value, failure) -> inputs.accept(() -> {
                                if (failure == null) {
                                    outcome.ended(ErrorCode.NONE, value, null);
                                } else {
                                    failed(failure, outcome);
                                }
                            }));
                } catch (Throwable e) {
                    failed(e, outcome);
                }
            });
        }

        Command command() {
            return slot.command;
        }

        Phase phase() {
            return slot.phase;
        }
    }

    /** Runs one, and sees to it that its outcome is told. */
    private interface Handler {
        void run(IncomingQuery query, Outcome outcome, Consumer<Runnable> inputs);
    }

    /** Takes a handler's outcome, on the loop; a stage that breaks its contract may have it called twice. */
    interface Outcome {
        /**
         * It has ended.
         *
         * @param error an error code, 0 if it went well
         * @param cause what it threw, if that was not a refusal of its own
         */
        void ended(int error, @Nullable Bytes value, @Nullable Throwable cause);
    }

    /** @param inputs brings to the loop what ends elsewhere */
    Handlers(Consumer<Runnable> inputs) {
        this.inputs = inputs;
    }

    void add(Registered registered) {
        if (handlers.isEmpty()) {
            handlers = new HashMap<>();
        }
        handlers.put(registered.slot, registered);
    }

    /** Removes a handler; false if it was removed before, or another has taken its place. */
    boolean remove(Registered registered) {
        boolean there = handlers.get(registered.slot) == registered;
        if (there) {
            handlers.remove(registered.slot);
        }
        return there;
    }

    void run(Command command, IncomingQuery query, Outcome outcome) {
        Registered registered = handlers.get(new Slot(command, query.phase()));
        if (registered == null) {
            outcome.ended(ErrorCode.UNKNOWN_COMMAND, null, null);
            return;
        }
        registered.handler.run(query, outcome, inputs);
    }

    private static void failed(Throwable thrown, Outcome outcome) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof DhtException refusal && refusal.code() >= ErrorCode.APPLICATION) {
            outcome.ended(refusal.code(), null, null);
        } else {
            outcome.ended(ErrorCode.HANDLER_FAILED, null, cause);
        }
    }
}
