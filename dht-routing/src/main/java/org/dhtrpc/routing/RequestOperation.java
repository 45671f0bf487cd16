package org.dhtrpc.routing;

import java.util.function.Consumer;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/** One request to one node, for a caller: {@code request} and {@code ping}. */
final class RequestOperation implements Operation {
    private final long id;
    private final PendingRequests pending;
    private final Outbox outbox;
    private final Consumer<Operation> done;
    private @Nullable PendingRequest request;

    RequestOperation(long id, PendingRequests pending, Outbox outbox, Consumer<Operation> done) {
        this.id = id;
        this.pending = pending;
        this.outbox = outbox;
        this.done = done;
    }

    @Override
    public long id() {
        return id;
    }

    void start(
            long now,
            Endpoint to,
            Command command,
            @Nullable Key target,
            @Nullable Bytes value,
            @Nullable Bytes token,
            long timeoutNanos) {
        PendingRequest direct = new PendingRequest(to, command, target, false, token, value) {
            @Override
            void replied(long later, Effect.Answer answer) {
                Bytes fresh = answer.reply().token();
                int error = answer.reply().error();
                if (error == ErrorCode.PROVE_ADDRESS && token == null && fresh != null) {
                    start(later, to, command, target, value, fresh, failAt - later);
                } else if (error != ErrorCode.NONE) {
                    finish(null, DhtException.refusedBy(to, error));
                } else {
                    finish(answer, null);
                }
            }

            @Override
            void failed(long later, DhtException.Reason why) {
                finish(null, failure(later, why));
            }
        };
        request = direct;
        pending.submit(now, direct, timeoutNanos);
    }

    private void finish(Effect.@Nullable Answer answer, @Nullable DhtException failure) {
        done.accept(this);
        outbox.add(new Effect.Answered(id, answer, failure));
    }

    @Override
    public void end(long now, DhtException failure) {
        if (request != null) {
            pending.cancel(now, request);
        }
        finish(null, failure);
    }
}
