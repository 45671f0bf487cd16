package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import org.dhtrpc.spi.Codec;

/** Messages are encoded, and their bytes travel. */
final class RealBytes implements Fidelity {
    @Override
    public Codec codec(Codec real) {
        return real;
    }

    @Override
    public Cargo load(ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        return inbox -> inbox.put(bytes);
    }
}
