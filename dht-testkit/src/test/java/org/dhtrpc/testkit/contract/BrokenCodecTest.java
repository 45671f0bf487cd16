package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Wire;
import org.dhtrpc.testkit.ToyCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each of these codecs is broken in one way, and fails the rule that it breaks and those which follow from it. */
class BrokenCodecTest {
    private static Function<Codec, Codec> fault = sound -> sound;

    static Stream<Arguments> codecs() {
        return Stream.of(
                broken("is sound", sound -> sound, ""),
                broken("forgets the long value of a request", Forgets::new, "C1 C11 C9"),
                broken("writes every second request otherwise", Alternates::new, "C11 C2"),
                broken("throws something else on an empty datagram", Throws::new, "C3"),
                broken("allocates what a length claims", Allocates::new, "C3"),
                broken("writes before it knows that all fits", WritesFirst::new, "C4"),
                broken("takes bytes behind the end", TakesMore::new, "C5"),
                broken("refuses what it does not know", Refuses::new, "C6"),
                broken("begins as STUN does", LikeStun::new, "C7"),
                broken("pads to the largest datagram and more", Pads::new, "C8"),
                broken("reads by way of one buffer for all", Shares::new, "C9"),
                broken("reads no longer what it did", NewVersion::new, "C10"),
                broken("keeps to the order of the buffer", KeepsOrder::new, "C11"),
                broken("has another wire each time", OtherWire::new, "C12"),
                broken("cannot do what its wire says", Refrains::new, "C12"));
    }

    private static Arguments broken(String how, Function<Codec, Codec> fault, String rules) {
        return arguments(how, fault, rules);
    }

    @ParameterizedTest(name = "a codec that {0} fails {2}")
    @MethodSource("codecs")
    void fails(String how, Function<Codec, Codec> fault, String rules) {
        BrokenCodecTest.fault = fault;
        assertThat(Verdict.of(Toy.class)).isEqualTo(rules);
    }

    @Broken
    static class Toy extends ToyCodecTest {
        static final Bytes PUBLISHED = Bytes.parse("71000000000000000100020a0b");
        static final Bytes LATER = Bytes.parse("71000000000000000200020c0d");

        private final Codec broken = fault.apply(new ToyCodec());

        @Override
        protected Codec codec() {
            return broken;
        }

        @Override
        protected int messages() {
            return 40;
        }

        @Override
        protected Map<Bytes, Message> published() {
            return Map.of(PUBLISHED, ToyCodec.ping(1, Bytes.parse("0a0b")));
        }

        @Override
        protected Map<Bytes, Message> later() {
            return Map.of(LATER, ToyCodec.ping(2, Bytes.parse("0c0d")));
        }
    }

    /** A codec like another, but for what is overridden. */
    private static class DecoratedCodec implements Codec {
        final Codec real;

        DecoratedCodec(Codec real) {
            this.real = real;
        }

        @Override
        public Wire wire() {
            return real.wire();
        }

        @Override
        public int size(Message message) {
            return real.size(message);
        }

        @Override
        public void encode(Message message, ByteBuffer buffer) {
            real.encode(message, buffer);
        }

        @Override
        public Message decode(ByteBuffer buffer) throws MalformedMessageException {
            return real.decode(buffer);
        }
    }

    /** A copy whose first byte is another if it is this one. */
    private static ByteBuffer begun(ByteBuffer buffer, int first, int other) {
        ByteBuffer copy = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
        if (copy.hasRemaining() && copy.get(0) == first) {
            copy.put(0, (byte) other);
        }
        return copy;
    }

    private static final class Forgets extends DecoratedCodec {
        Forgets(Codec real) {
            super(real);
        }

        @Override
        public Message decode(ByteBuffer buffer) throws MalformedMessageException {
            Message message = super.decode(buffer);
            return message instanceof Request && ToyCodec.value(message).size() > 100
                    ? ToyCodec.ping(message.transaction(), Bytes.EMPTY)
                    : message;
        }
    }

    private static final class Alternates extends DecoratedCodec {
        private int count;

        Alternates(Codec real) {
            super(real);
        }

        @Override
        public void encode(Message message, ByteBuffer buffer) {
            int start = buffer.position();
            super.encode(message, buffer);
            count++;
            if (message instanceof Request && count % 2 == 0) {
                buffer.put(start, (byte) 'Q');
            }
        }

        @Override
        public Message decode(ByteBuffer buffer) throws MalformedMessageException {
            return super.decode(begun(buffer, 'Q', 'q'));
        }
    }

    private static final class Throws extends DecoratedCodec {
        Throws(Codec real) {
            super(real);
        }

        @Override
        public Message decode(ByteBuffer buffer) throws MalformedMessageException {
            buffer.get(buffer.position());
            return super.decode(buffer);
        }
    }

    private static final class Allocates extends DecoratedCodec {
        Allocates(Codec real) {
            super(real);
        }

        @Override
        public Message decode(ByteBuffer buffer) throws MalformedMessageException {
            if (buffer.remaining() > 10) {
                byte[] claimed = new byte[Short.toUnsignedInt(buffer.duplicate().getShort(buffer.position() + 9)) * 16];
                assertThat(claimed).isNotNull();
            }
            return super.decode(buffer);
        }
    }

    private static final class WritesFirst extends DecoratedCodec {
        WritesFirst(Codec real) {
            super(real);
        }

        @Override
        public void encode(Message message, ByteBuffer buffer) {
            buffer.put(buffer.position(), (byte) 'q');
            super.encode(message, buffer);
        }
    }

    private static final class TakesMore extends DecoratedCodec {
        TakesMore(Codec real) {
            super(real);
        }

        @Override
        public Message decode(ByteBuffer buffer) throws MalformedMessageException {
            ByteBuffer big = buffer.duplicate();
            if (big.remaining() > 10) {
                int end = big.position() + 11 + Math.max(0, big.getShort(big.position() + 9));
                big.limit(Math.min(end, big.limit()));
            }
            buffer.position(buffer.limit());
            return super.decode(big);
        }
    }

    private static class Rejects extends DecoratedCodec {
        private final Bytes rejected;

        Rejects(Codec real, Bytes rejected) {
            super(real);
            this.rejected = rejected;
        }

        @Override
        public Message decode(ByteBuffer buffer) throws MalformedMessageException {
            if (Bytes.copyOf(buffer.duplicate()).equals(rejected)) {
                throw new MalformedMessageException("unknown");
            }
            return super.decode(buffer);
        }
    }

    private static final class Refuses extends Rejects {
        Refuses(Codec real) {
            super(real, Toy.LATER);
        }
    }

    private static final class NewVersion extends Rejects {
        NewVersion(Codec real) {
            super(real, Toy.PUBLISHED);
        }
    }

    /** Swaps the first byte for one that STUN begins with. */
    private static final class LikeStun extends DecoratedCodec {
        LikeStun(Codec real) {
            super(real);
        }

        @Override
        public void encode(Message message, ByteBuffer buffer) {
            int start = buffer.position();
            super.encode(message, buffer);
            buffer.put(start, (byte) (message instanceof Request ? 0 : 1));
        }

        @Override
        public Message decode(ByteBuffer buffer) throws MalformedMessageException {
            return super.decode(begun(begun(buffer, 0, 'q'), 1, 'r'));
        }
    }

    private static final class Pads extends DecoratedCodec {
        Pads(Codec real) {
            super(real);
        }

        @Override
        public int size(Message message) {
            return super.size(message)
                    + (message instanceof Reply reply
                                    && reply.contacts() != null
                                    && reply.contacts().size() > 19
                            ? 2_000
                            : 0);
        }
    }

    private static final class Shares extends DecoratedCodec {
        private volatile @Nullable Thread reader;

        Shares(Codec real) {
            super(real);
        }

        @Override
        public Message decode(ByteBuffer buffer) throws MalformedMessageException {
            Thread caller = Thread.currentThread();
            Thread first = reader;
            if (first == null) {
                reader = caller;
            } else if (first != caller) {
                throw new IllegalStateException("read by " + first);
            }
            return super.decode(buffer);
        }
    }

    private static final class KeepsOrder extends DecoratedCodec {
        KeepsOrder(Codec real) {
            super(real);
        }

        @Override
        public void encode(Message message, ByteBuffer buffer) {
            int start = buffer.position();
            super.encode(message, buffer);
            buffer.putLong(start + 1, message.transaction());
        }
    }

    private static final class OtherWire extends DecoratedCodec {
        OtherWire(Codec real) {
            super(real);
        }

        @Override
        public Wire wire() {
            Wire wire = super.wire();
            return new Wire(
                    wire.name(),
                    wire.transactionBits(),
                    wire.tokenBytes(),
                    wire.contactIds(),
                    wire.families(),
                    wire.maxDatagram(),
                    wire.replyFactor(),
                    wire.builtInTokens(),
                    wire.pongCarriesAddress(),
                    wire.relays(),
                    wire.errors(),
                    wire.padding(),
                    command -> wire.commands().test(command),
                    wire.idPolicy());
        }
    }

    private static final class Refrains extends DecoratedCodec {
        Refrains(Codec real) {
            super(real);
        }

        @Override
        public int size(Message message) {
            if (message instanceof Request && message.token() != null) {
                throw new IllegalArgumentException("No token fits into this wire");
            }
            return super.size(message);
        }

        @Override
        public void encode(Message message, ByteBuffer buffer) {
            if (size(message) > 0) {
                super.encode(message, buffer);
            }
        }
    }
}
