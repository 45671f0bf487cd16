package org.dhtrpc.routing;

import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The effects that wait to be carried out, in order. Most inputs have one effect, which lies here by itself; only those
 * behind it take a list of links.
 */
class Outbox {
    private @Nullable Effect next;
    private @Nullable Link second;
    private @Nullable Link last;

    private static final class Link {
        private final Effect effect;
        private @Nullable Link next;

        Link(Effect effect) {
            this.effect = effect;
        }
    }

    void add(Effect effect) {
        if (next == null) {
            next = effect;
            return;
        }
        Link link = new Link(effect);
        if (last == null) {
            second = link;
        } else {
            last.next = link;
        }
        last = link;
    }

    /** Something is about to leave for there without an effect that says so. */
    void calls(Endpoint to) {}

    final void publish(DhtEvent event) {
        add(new Effect.Publish(event));
    }

    @Nullable
    final Effect poll() {
        Effect polled = next;
        Link link = second;
        if (link == null) {
            next = null;
        } else {
            next = link.effect;
            second = link.next;
            last = second == null ? null : last;
        }
        return polled;
    }
}
