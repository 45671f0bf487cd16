package org.dhtrpc.testkit.contract;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.dhtrpc.Bytes;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.BeforeEach;

/** The codec that is tested, and messages for it. */
abstract class CodecUnderTest extends Surroundings {
    private static final int ATTEMPTS = 1_000;

    Codec codec;

    /** The codec, the same one or another of its kind each time. */
    protected abstract Codec codec();

    /**
     * What the wire carries of a message: a field that it does not have is null or its constant, one that it derives is
     * derived. The message itself unless overridden. Called from several threads at once.
     */
    protected Message carried(Message message) {
        return message;
    }

    /**
     * The message as a node would send it on this wire, where {@link org.dhtrpc.spi.Wire} does not say enough for a random one
     * to be of it: without a relay if there is no field for it, a commit if its token makes it one. The message itself unless
     * overridden. Called from several threads at once.
     */
    protected Message sent(Message message) {
        return message;
    }

    /** Datagrams that were once published, and what they say (C10). None unless overridden, and C10 is skipped. */
    protected Map<Bytes, Message> published() {
        return Map.of();
    }

    /** Datagrams with what a later version may add, and what they say today (C6). None unless overridden, and C6 is skipped. */
    protected Map<Bytes, Message> later() {
        return Map.of();
    }

    /** Whether bytes after the end of a message are malformed (C5), as they are unless the wire says otherwise. */
    protected boolean strict() {
        return true;
    }

    /** Whether no datagram looks like one of STUN (C7), as it is unless the wire cannot avoid it. */
    protected boolean unlikeStun() {
        return true;
    }

    /** How many random messages a test looks at; those of C3 look at ten times as many. 1,000 unless overridden. */
    protected int messages() {
        return 1_000;
    }

    @BeforeEach
    final void makeCodec() {
        codec = codec();
    }

    /** Checks this of so many random messages. */
    final void rounds(int rounds, Consumer<Message> property) {
        Seeded.rounds(rounds, random -> property.accept(message(random)));
    }

    /** One that the codec takes: what its wire promises and it refuses is a matter of C12. */
    final Message message(RandomGenerator random) {
        WireMessages messages = new WireMessages(codec.wire(), random);
        for (int i = 0; i < ATTEMPTS; i++) {
            Message message = sent(messages.next());
            try {
                codec.size(message);
                return message;
            } catch (IllegalArgumentException refused) {
                // Another then.
            }
        }
        throw new AssertionError("none of " + ATTEMPTS + " messages can be expressed");
    }

    final ByteBuffer encoded(Message message) {
        return encoded(codec, message);
    }

    static ByteBuffer encoded(Codec codec, Message message) {
        ByteBuffer buffer = ByteBuffer.allocate(codec.size(message));
        codec.encode(message, buffer);
        return buffer.flip();
    }

    final byte[] bytes(Message message) {
        return encoded(message).array();
    }
}
