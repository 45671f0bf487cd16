package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import org.dhtrpc.spi.Codec;

/** Messages are encoded, and their bytes travel. */
final class RealBytes implements Fidelity {
    private static final int MAX_FLIPPED = 8;

    @Override
    public Codec codec(Codec real) {
        return real;
    }

    @Override
    public Object load(ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        return bytes;
    }

    @Override
    public void unload(Object cargo, int size, ByteBuffer inbox) {
        inbox.put((byte[]) cargo);
    }

    @Override
    public void corrupt(Object cargo, ByteBuffer inbox, RandomStream random) {
        int bits = inbox.position() * Byte.SIZE;
        for (int left = bits == 0 ? 0 : 1 + random.nextInt(MAX_FLIPPED); left > 0; left--) {
            int bit = random.nextInt(bits);
            int index = bit / Byte.SIZE;
            inbox.put(index, (byte) (inbox.get(index) ^ 1 << bit % Byte.SIZE));
        }
    }
}
