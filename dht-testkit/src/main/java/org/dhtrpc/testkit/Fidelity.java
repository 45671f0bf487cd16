package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import org.dhtrpc.spi.Codec;

/** How true to life messages travel. The trace of a run does not depend on it. */
interface Fidelity {
    /** What a node is given in place of this codec. */
    Codec codec(Codec real);

    /** Takes what remains in a datagram that is sent, and moves its position to its limit. */
    Object load(ByteBuffer datagram);

    /**
     * Writes the datagram that arrives. May be called again for one cargo: a link can deliver twice.
     *
     * @param cargo what {@link #load} returned
     * @param size how many bytes it was loaded from
     */
    void unload(Object cargo, int size, ByteBuffer inbox);

    /** Flips bits of the unloaded datagram, which lies between 0 and the position of the inbox. */
    void corrupt(Object cargo, ByteBuffer inbox, RandomStream random);
}
