package org.dhtrpc.routing;

import java.util.ArrayDeque;
import org.dhtrpc.DhtEvent;
import org.jspecify.annotations.Nullable;

/** The effects that wait to be carried out, in order. */
final class Outbox {
    private final ArrayDeque<Effect> effects = new ArrayDeque<>(4);

    void add(Effect effect) {
        effects.add(effect);
    }

    void publish(DhtEvent event) {
        effects.add(new Effect.Publish(event));
    }

    @Nullable
    Effect poll() {
        return effects.poll();
    }
}
