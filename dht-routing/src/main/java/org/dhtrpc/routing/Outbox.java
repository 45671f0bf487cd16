package org.dhtrpc.routing;

import org.dhtrpc.DhtEvent;
import org.jspecify.annotations.Nullable;

/** The effects that wait to be carried out, in order. A list of links, since it is empty most of the time. */
final class Outbox {
    private @Nullable Link first;
    private @Nullable Link last;

    private static final class Link {
        private final Effect effect;
        private @Nullable Link next;

        Link(Effect effect) {
            this.effect = effect;
        }
    }

    void add(Effect effect) {
        Link link = new Link(effect);
        if (last == null) {
            first = link;
        } else {
            last.next = link;
        }
        last = link;
    }

    void publish(DhtEvent event) {
        add(new Effect.Publish(event));
    }

    @Nullable
    Effect poll() {
        Link link = first;
        if (link == null) {
            return null;
        }
        first = link.next;
        last = first == null ? null : last;
        return link.effect;
    }
}
