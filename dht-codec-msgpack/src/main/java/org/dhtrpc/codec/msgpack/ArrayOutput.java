package org.dhtrpc.codec.msgpack;

import org.msgpack.core.buffer.MessageBuffer;
import org.msgpack.core.buffer.MessageBufferOutput;

/** Lets a packer write into one array, from its start; the array must be long enough for all. */
final class ArrayOutput implements MessageBufferOutput {
    private final MessageBuffer array;

    ArrayOutput(byte[] array) {
        this.array = MessageBuffer.wrap(array);
    }

    @Override
    public MessageBuffer next(int minimumSize) {
        return array;
    }

    @Override
    public void writeBuffer(int length) {
        throw tooShort();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        throw tooShort();
    }

    @Override
    public void add(byte[] bytes, int offset, int length) {
        throw tooShort();
    }

    private AssertionError tooShort() {
        return new AssertionError("more is written than the " + array.size() + " bytes that were counted");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
