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
import org.dhtrpc.Forward;
import org.dhtrpc.ForwardHandler;
import org.dhtrpc.Phase;
import org.dhtrpc.QueryHandler;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.routing.Effect;
import org.jspecify.annotations.Nullable;

/** The application's handlers, and how one is run so that it harms nobody. On the loop only. */
final class Handlers {
    private final Consumer<Runnable> inputs;
    private final Outcome outcome;

    private Map<Command, Registered> ofDiscovery = Collections.emptyMap();
    private Map<Command, Registered> ofCommit = Collections.emptyMap();

    /** One registration; of the same handler there may be several, and each is taken back for itself. */
    static final class Registered {
        private final Command command;
        private final Phase phase;
        private final Handler handler;

        private Registered(Command command, Phase phase, Handler handler) {
            this.command = command;
            this.phase = phase;
            this.handler = handler;
        }

        /** One that answers before it returns. */
        static Registered atOnce(Command command, Phase phase, QueryHandler handler) {
            return new Registered(command, phase, (call, outcome, inputs) -> {
                Bytes value;
                try {
                    value = handler.handle(call.query());
                } catch (Throwable e) {
                    failed(call, e, outcome);
                    return;
                }
                outcome.ended(call, ErrorCode.NONE, value, null);
            });
        }

        /** One that may answer later, on any thread. */
        static Registered later(Command command, Phase phase, AsyncQueryHandler handler) {
            return new Registered(command, phase, (call, outcome, inputs) -> {
                try {
                    CompletionStage<? extends @Nullable Bytes> answer = handler.handle(call.query());
                    Objects.requireNonNull(
                                    answer, () -> "The handler of " + command + " returned null instead of a stage")
                            .whenComplete((value, failure) -> inputs.accept(() -> {
                                if (failure == null) {
                                    outcome.ended(call, ErrorCode.NONE, value, null);
                                } else {
                                    failed(call, failure, outcome);
                                }
                            }));
                } catch (Throwable e) {
                    failed(call, e, outcome);
                }
            });
        }

        /** One that has others answer. */
        static Registered forward(Command command, ForwardHandler handler) {
            return new Registered(command, Phase.DISCOVERY, (call, outcome, inputs) -> {
                Forward forward;
                try {
                    forward = Objects.requireNonNull(
                            handler.handle(call.query()), () -> "The handler of " + command + " returned null");
                } catch (Throwable e) {
                    failed(call, e, outcome);
                    return;
                }
                outcome.forwarded(call, forward);
            });
        }

        Command command() {
            return command;
        }

        Phase phase() {
            return phase;
        }
    }

    /** Runs one, and sees to it that its outcome is told. */
    private interface Handler {
        void run(Effect.Call call, Outcome outcome, Consumer<Runnable> inputs);
    }

    /** Takes a call's outcome, on the loop; a stage that breaks its contract may have it called twice. */
    interface Outcome {
        /**
         * It has ended.
         *
         * @param error an error code, 0 if it went well
         * @param cause what it threw, if that was not a refusal of its own
         */
        void ended(Effect.Call call, int error, @Nullable Bytes value, @Nullable Throwable cause);

        /** It has been handed on, or its answer is to go to somewhere else. */
        void forwarded(Effect.Call call, Forward forward);
    }

    /** @param inputs brings to the loop what ends elsewhere */
    Handlers(Consumer<Runnable> inputs, Outcome outcome) {
        this.inputs = inputs;
        this.outcome = outcome;
    }

    private Map<Command, Registered> of(Phase phase) {
        return phase == Phase.COMMIT ? ofCommit : ofDiscovery;
    }

    void add(Registered registered) {
        Map<Command, Registered> more = new HashMap<>(of(registered.phase));
        more.put(registered.command, registered);
        if (registered.phase == Phase.COMMIT) {
            ofCommit = more;
        } else {
            ofDiscovery = more;
        }
    }

    /** Removes a handler; false if it was removed before, or another has taken its place. */
    boolean remove(Registered registered) {
        Map<Command, Registered> handlers = of(registered.phase);
        boolean there = handlers.get(registered.command) == registered;
        if (there) {
            handlers.remove(registered.command);
        }
        return there;
    }

    void run(Effect.Call call) {
        Registered registered = of(call.query().phase()).get(call.command());
        if (registered == null) {
            outcome.ended(call, ErrorCode.UNKNOWN_COMMAND, null, null);
            return;
        }
        registered.handler.run(call, outcome, inputs);
    }

    private static void failed(Effect.Call call, Throwable thrown, Outcome outcome) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof DhtException refusal && refusal.code() >= ErrorCode.APPLICATION) {
            outcome.ended(call, refusal.code(), null, null);
        } else {
            outcome.ended(call, ErrorCode.HANDLER_FAILED, null, cause);
        }
    }
}
