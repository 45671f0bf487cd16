package org.dhtrpc.codec.msgpack;

import java.nio.ByteBuffer;
import org.msgpack.core.buffer.MessageBuffer;
import org.msgpack.core.buffer.MessageBufferOutput;

/**
 * Lets a packer write into a datagram of whatever kind, through a small window of its own: the packer reaches into
 * memory in ways that direct buffers do not allow, and by default sets 8 KiB aside for it.
 */
final class DatagramOutput implements MessageBufferOutput {
    /** More than the packer ever asks for, which is the 9 bytes of a long; enough for a few heads in a row. */
    private static final int WINDOW_BYTES = 32;

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final byte[] array = new byte[WINDOW_BYTES];
    private final MessageBuffer window = MessageBuffer.wrap(array);
    private ByteBuffer datagram = NONE;

    /** The datagram to write into, until {@link #release}. */
    void borrow(ByteBuffer datagram) {
        this.datagram = datagram;
    }

    void release() {
        datagram = NONE;
    }

    @Override
    public MessageBuffer next(int minimumSize) {
        return window;
    }

    @Override
    public void writeBuffer(int length) {
        datagram.put(array, 0, length);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        datagram.put(bytes, offset, length);
    }

    @Override
    public void add(byte[] bytes, int offset, int length) {
        datagram.put(bytes, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
