package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import org.dhtrpc.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * The last {@value #KEPT} messages that were written by reference, each under a number. A ticket is that number behind a
 * mask, so that bytes which are none do not look like one, short of a chance of 2^-54.
 */
final class Tickets {
    /** Size of a ticket: 8 bytes. */
    static final int BYTES = Long.BYTES;

    /** A power of two. Far more than a node, or a transport around ours, keeps between two steps. */
    static final int KEPT = 1_024;

    private final @Nullable Message[] messages = new @Nullable Message[KEPT];
    private final int[] sizes = new int[KEPT];
    private final long mask;
    private long next;

    Tickets(long mask) {
        this.mask = mask;
    }

    /**
     * Writes a ticket for the message at the buffer's position, and moves it by {@code size}. The bytes behind the
     * ticket stay as they are.
     */
    void write(Message message, int size, ByteBuffer buffer) {
        int slot = (int) next & KEPT - 1;
        messages[slot] = message;
        sizes[slot] = size;
        // A duplicate is big-endian, whatever the caller's buffer is.
        buffer.duplicate().putLong(next ^ mask);
        buffer.position(buffer.position() + size);
        next++;
    }

    /**
     * The message whose ticket is in the buffer; null if that is no ticket, an old one, or a datagram that was cut or
     * extended. Does not move the buffer's position. A ticket can be redeemed any number of times.
     */
    @Nullable
    Message redeem(ByteBuffer buffer) {
        if (buffer.remaining() < BYTES) {
            return null;
        }
        long number = buffer.duplicate().getLong() ^ mask;
        boolean kept = number >= 0 && number < next && number >= next - KEPT;
        int slot = (int) number & KEPT - 1;
        return kept && sizes[slot] == buffer.remaining() ? messages[slot] : null;
    }

    /** Makes the ticket at the beginning of a buffer one that nobody gives anything for. */
    static void destroy(ByteBuffer buffer) {
        // The sign of its number: none that was handed out is negative.
        buffer.put(0, (byte) (buffer.get(0) ^ 0x80));
    }
}
