package org.dhtrpc.routing;

import org.dhtrpc.Bytes;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/** One request to one node, for a caller: {@code request} and {@code ping}. */
final class RequestOperation extends PendingRequest implements Operation {
    private final long id;
    private final @Nullable Endpoint answeredBy;
    private final @Nullable Object caller;
    private final PendingRequests pending;
    private final Outbox outbox;
    private final Operations operations;

    /** The same once more, where the answer needs a proof of our address. */
    private @Nullable PendingRequest proving;

    RequestOperation(
            long id,
            Endpoint to,
            Command command,
            @Nullable Key target,
            @Nullable Bytes value,
            @Nullable Endpoint answeredBy,
            @Nullable Object caller,
            PendingRequests pending,
            Outbox outbox,
            Operations operations) {
        super(to, command, target, false, null, value);
        this.id = id;
        this.answeredBy = answeredBy;
        this.caller = caller;
        this.pending = pending;
        this.outbox = outbox;
        this.operations = operations;
    }

    private final class Proving extends PendingRequest {
        Proving(RequestOperation asked, Bytes token) {
            super(asked.to, asked.command, asked.target, false, token, asked.value);
        }

        @Override
        @Nullable
        Endpoint answeredBy() {
            return answeredBy;
        }

        @Override
        long delay() {
            return RequestOperation.this.delay();
        }

        @Override
        void replied(long now, Effect.Answer answer) {
            ended(answer);
        }

        @Override
        void failed(long now, DhtException.Reason why) {
            finish(null, failure(now, why));
        }
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    @Nullable
    Endpoint answeredBy() {
        return answeredBy;
    }

    @Override
    @Nullable
    Endpoint relayedTo() {
        return pending.dialect.relays(command) ? answeredBy : null;
    }

    @Override
    long delay() {
        return command.equals(Command.DELAYED_PING) ? 1_000_000 * Math.max(0, Arguments.delayMillis(value)) : 0;
    }

    @Override
    boolean paced() {
        return true;
    }

    @Override
    void replied(long now, Effect.Answer answer) {
        // What another gives us proves nothing to whom we ask.
        Bytes fresh = answer.from().equals(to) ? pending.dialect.proof(answer.reply()) : null;
        if (fresh != null) {
            PendingRequest again = new Proving(this, fresh);
            proving = again;
            pending.submit(now, again, failAt - now);
        } else {
            ended(answer);
        }
    }

    private void ended(Effect.Answer answer) {
        int error = answer.reply().error();
        if (error == ErrorCode.NONE) {
            finish(answer, null);
        } else {
            finish(null, DhtException.refusedBy(answer.from(), error));
        }
    }

    @Override
    void failed(long now, DhtException.Reason why) {
        finish(null, failure(now, why));
    }

    private void finish(Effect.@Nullable Answer answer, @Nullable DhtException failure) {
        operations.done(this);
        outbox.add(new Effect.Answered(id, caller, answer, failure));
    }

    @Override
    public void end(long now, DhtException failure) {
        pending.cancel(now, this);
        if (proving != null) {
            pending.cancel(now, proving);
        }
        finish(null, failure);
    }
}
