package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import org.dhtrpc.spi.Codec;

/** How true to life messages travel. The trace of a run does not depend on it. */
interface Fidelity {
    /** What a node is given in place of this codec. */
    Codec codec(Codec real);

    /** Takes what remains in a datagram that is sent, and moves its position to its limit. */
    Cargo load(ByteBuffer datagram);

    /** A datagram under way. */
    @FunctionalInterface
    interface Cargo {
        /** Writes the datagram that arrives. May be called again: a link can deliver twice. */
        void unload(ByteBuffer inbox);
    }
}
