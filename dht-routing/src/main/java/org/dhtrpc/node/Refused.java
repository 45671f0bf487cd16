package org.dhtrpc.node;

import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.function.Consumer;

/** What a consumer gets that comes too late: the rules want a subscription before the error. */
final class Refused implements Subscription {
    private Refused() {}

    /** Refuses a consumer, on the caller's thread; what it throws at that is reported. */
    static Subscription tell(Subscriber<?> consumer, RuntimeException why, Consumer<Throwable> thrown) {
        Subscription nothing = new Refused();
        Signals refusal = new Signals(thrown);
        refusal.tell(() -> consumer.onSubscribe(nothing));
        refusal.tell(() -> consumer.onError(why));
        return nothing;
    }

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
}
