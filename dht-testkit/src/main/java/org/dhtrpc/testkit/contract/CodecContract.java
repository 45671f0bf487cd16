package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import org.dhtrpc.Bytes;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Wire;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@code docs/spi/codec.md}, C1 to C12, for one {@link Codec}. Extend it and say which:
 *
 * <pre>{@code
 * class MyCodecTest extends CodecContract {
 *     @Override
 *     protected Codec codec() {
 *         return new MyCodec();
 *     }
 *
 *     @Override
 *     protected Map<Bytes, Message> published() {
 *         return Map.of(Bytes.parse("0a0b…"), new Request(…));
 *     }
 * }
 * }</pre>
 *
 * <p>Its messages are random, the same in each run, and of what {@link Codec#wire} says that the wire can carry. Where
 * {@link Wire} says too little, {@link #sent} says the rest. Where the wire drops or derives a field, {@link #carried} says
 * what is left. What {@code size}
 * refuses is left out, and counts against C12. A failure names its {@linkplain Seeded seed}.
 */
public abstract class CodecContract extends CodecBytesRules {
    /** Nothing is made before the first test. */
    protected CodecContract() {}

    @Test
    void C1_what_is_written_is_read_back_as_an_equal_message() {
        rounds(5 * messages(), message -> assertThat(read(encoded(message))).isEqualTo(carried(message)));
    }

    @Test
    void C2_equal_messages_give_equal_bytes() {
        Codec other = codec();
        Seeded.rounds(messages() / 2, random -> {
            long seed = random.nextLong();
            ByteBuffer first = encoded(message(new SplittableRandom(seed)));
            encoded(message(random));
            Message equal = message(new SplittableRandom(seed));
            assertThat(encoded(equal)).isEqualTo(first);
            assertThat(encoded(other, equal)).as("of another codec").isEqualTo(first);
        });
    }

    @Test
    void C2_encoding_does_not_alter_the_message() {
        Seeded.rounds(messages() / 2, random -> {
            long seed = random.nextLong();
            Message message = message(new SplittableRandom(seed));
            encoded(message);
            assertThat(message).isEqualTo(message(new SplittableRandom(seed)));
        });
    }

    @Test
    void C4_exactly_as_many_bytes_are_written_as_the_size_says() {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        rounds(2 * messages(), message -> {
            codec.encode(message, buffer.clear());
            assertThat(buffer.position()).isEqualTo(codec.size(message));
        });
    }

    @Test
    void C4_what_does_not_fit_leaves_the_buffer_as_it_was() {
        rounds(messages() / 2, message -> {
            int size = codec.size(message);
            ByteBuffer buffer = ByteBuffer.allocate(size + 20).position(7).limit(7 + size - 1);
            assertThatThrownBy(() -> codec.encode(message, buffer)).isInstanceOf(BufferOverflowException.class);
            assertThat(buffer.position()).isEqualTo(7);
            assertThat(buffer.clear()).isEqualTo(ByteBuffer.allocate(size + 20));
        });
    }

    @Test
    void C4_what_the_wire_cannot_express_size_and_encode_refuse_and_nothing_is_written() {
        Seeded.rounds(messages() / 2, random -> {
            Message message = new WireMessages(codec.wire(), random).strange();
            try {
                codec.size(message);
            } catch (IllegalArgumentException refused) {
                ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
                assertThat(refused).message().isNotBlank();
                assertThatIllegalArgumentException().isThrownBy(() -> codec.encode(message, buffer));
                assertThat(buffer.position()).isZero();
                assertThat(buffer).isEqualTo(ByteBuffer.allocate(1 << 16));
                return;
            }
            assertThat(encoded(message).hasRemaining()).isTrue();
        });
    }

    @Test
    @Tag("optional")
    void C6_what_a_later_version_adds_is_skipped() {
        assumeFalse(later().isEmpty(), "later() has no datagrams of later versions");
        readable(later());
    }

    @Test
    void C8_a_reply_with_twenty_contacts_fits() {
        Seeded.rounds(
                20,
                random -> assertThat(codec.size(new WireMessages(codec.wire(), random).largestReply()))
                        .isLessThanOrEqualTo(codec.wire().maxDatagram()));
    }

    @Test
    void C9_many_threads_use_one_codec_at_once() {
        onThreads(
                4,
                5,
                n -> rounds(
                        messages() / 3,
                        message -> assertThat(read(encoded(message))).isEqualTo(carried(message))));
    }

    @Test
    void C10_what_was_published_stays_readable() {
        assumeFalse(published().isEmpty(), "published() has no datagrams");
        readable(published());
    }

    private void readable(Map<Bytes, Message> datagrams) {
        datagrams.forEach((bytes, message) ->
                assertThat(read(bytes.toByteBuffer())).as(bytes::toString).isEqualTo(message));
    }

    @Test
    void C12_the_wire_is_the_same_whenever_it_is_asked() {
        Wire first = codec.wire();
        assertThat(codec.wire()).isEqualTo(first);
        rounds(1, this::encoded);
        assertThat(codec.wire()).isEqualTo(first);
    }

    @Test
    void C12_the_codec_can_do_what_the_wire_says() {
        Seeded.rounds(messages(), random -> {
            Message message = sent(new WireMessages(codec.wire(), random).next());
            assertThat(codec.size(message)).as("the size of %s", message).isPositive();
        });
    }

    private Message read(ByteBuffer datagram) {
        try {
            return codec.decode(datagram);
        } catch (MalformedMessageException e) {
            throw new AssertionError("malformed: " + e.getMessage(), e);
        }
    }
}
