package org.dhtrpc.node;

import org.dhtrpc.DhtException;
import org.dhtrpc.routing.Effect;
import org.jspecify.annotations.Nullable;

/** Whoever has asked one node, and is told how that has ended. */
interface Asking {
    /** It has ended with one of the two. */
    void ended(Effect.@Nullable Answer answer, @Nullable DhtException failure);
}
