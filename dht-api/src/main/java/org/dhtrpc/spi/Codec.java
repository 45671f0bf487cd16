package org.dhtrpc.spi;

import java.nio.ByteBuffer;
import org.dhtrpc.message.Message;

/**
 * Messages to bytes and back. A codec may be shared by any number of nodes and threads: it has no state that anyone
 * could observe (a scratch buffer per thread is fine).
 *
 * <p>Rules (reasons in {@code docs/spi/codec.md}): what {@link #encode} writes, {@link #decode} reads back as an equal
 * message, in as far as the wire can say it (C1); equal messages give equal bytes (C2); decode is total (C3); both keep
 * nothing of the buffer that they are lent (C11).
 */
public interface Codec {
    /** What this wire can do; always the same. */
    Wire wire();

    /**
     * How many bytes {@link #encode} will write. Cheap, allocates nothing. It may depend on every field, the transaction
     * id included. With all else equal a shorter value makes no longer message, and what padding adds depends on its length
     * alone.
     *
     * @throws IllegalArgumentException if the {@link #wire} cannot express the message; the exception says why
     */
    int size(Message message);

    /**
     * Writes exactly {@link #size} bytes at the buffer's position, and moves it. The buffer may be direct or on the
     * heap.
     *
     * @throws IllegalArgumentException if the {@link #wire} cannot express the message; nothing is written then
     * @throws java.nio.BufferOverflowException if they do not fit; nothing is written then
     */
    void encode(Message message, ByteBuffer buffer);

    /**
     * Reads the datagram between the buffer's position and limit. On any bytes whatever it returns a message or throws
     * {@link MalformedMessageException}, never anything else, and allocates no more than a small multiple of the
     * datagram's size. Where contacts carry no ids on the wire, it derives them.
     *
     * @throws MalformedMessageException if the bytes are no message
     */
    Message decode(ByteBuffer buffer) throws MalformedMessageException;
}
