package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Key;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a codec makes of any bytes and any buffer. */
abstract class CodecBytesRules extends CodecUnderTest {
    private static final int STUN_COOKIE = 0x2112A442;
    private static final byte FILL = 0x55;

    /** What decoding may allocate beside a multiple of the datagram. */
    private static final int ALLOCATED = 32 * 1024;

    private static final int ALLOCATED_PER_BYTE = 32;

    private List<byte[]> known = List.of();

    @Test
    void C3_every_prefix_of_a_message_is_a_message_or_malformed() {
        rounds(messages() / 20, message -> {
            byte[] whole = bytes(message);
            for (int length = 0; length < whole.length; length++) {
                decoded(Arrays.copyOf(whole, length));
            }
        });
    }

    @Test
    void C3_a_message_with_changes_is_a_message_or_malformed() {
        Seeded.rounds(10 * messages(), random -> {
            Message message = decoded(mutant(random));
            if (message != null && isExpressed(message)) {
                // What was read can be written: a node writes parts of it into its replies.
                assertThat(decoded(bytes(message))).isEqualTo(carried(message));
            }
        });
    }

    private byte[] mutant(RandomGenerator random) {
        byte[] sound = known.isEmpty() || random.nextBoolean()
                ? bytes(message(random))
                : known.get(random.nextInt(known.size()));
        return WireMessages.mutated(sound, random);
    }

    @BeforeEach
    final void collectDatagrams() {
        known = Stream.concat(published().keySet().stream(), later().keySet().stream())
                .map(Bytes::toByteArray)
                .toList();
    }

    private boolean isExpressed(Message message) {
        try {
            return codec.size(message) > 0;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    @Test
    void C3_any_bytes_are_a_message_or_malformed() {
        Seeded.rounds(10 * messages(), random -> decoded(anyBytes(random)));
    }

    private byte[] anyBytes(RandomGenerator random) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 1_400 : 60)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            byte[] head = bytes(message(random));
            System.arraycopy(head, 0, bytes, 0, Math.min(random.nextInt(12), Math.min(head.length, bytes.length)));
        }
        return bytes;
    }

    @Test
    void C3_decoding_allocates_a_small_multiple_of_the_datagram() {
        assumeTrue(Allocation.isMeasured(), "this JVM does not say what a thread allocates");
        Seeded.rounds(2 * messages(), random -> {
            byte[] bytes = random.nextBoolean() ? mutant(random) : anyBytes(random);
            assertThat(Allocation.of(() -> decoded(bytes)))
                    .as(HexFormat.of().formatHex(bytes))
                    .isLessThan(ALLOCATED + (long) ALLOCATED_PER_BYTE * bytes.length);
        });
    }

    @Test
    void C3_a_part_of_a_message_over_and_over_allocates_no_more() {
        assumeTrue(Allocation.isMeasured(), "this JVM does not say what a thread allocates");
        Seeded.rounds(2 * messages(), random -> {
            byte[] bytes =
                    WireMessages.repeated(bytes(message(random)), codec.wire().maxDatagram(), random);
            assertThat(Allocation.of(() -> decoded(bytes)))
                    .as(HexFormat.of().formatHex(bytes))
                    .isLessThan(ALLOCATED + (long) ALLOCATED_PER_BYTE * bytes.length);
        });
    }

    @Test
    void C5_a_byte_behind_a_message_is_malformed() {
        assumeTrue(strict(), "strict() says that this wire allows it");
        Seeded.rounds(messages() / 2, random -> {
            byte[] whole = bytes(message(random));
            byte[] longer = Arrays.copyOf(whole, whole.length + 1 + random.nextInt(3));
            longer[whole.length] = (byte) random.nextInt();
            assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(longer)))
                    .as(HexFormat.of().formatHex(longer))
                    .isInstanceOf(MalformedMessageException.class);
        });
    }

    @Test
    void C7_no_datagram_looks_like_one_of_STUN() {
        assumeTrue(unlikeStun(), "unlikeStun() says that this wire cannot avoid it");
        rounds(messages() / 5, message -> {
            expectUnlikeStun(message);
            for (int shift = -24; shift <= 32; shift += 8) {
                long cookie = shift < 0 ? (long) STUN_COOKIE >>> -shift : (long) STUN_COOKIE << shift;
                int unused = Long.SIZE - codec.wire().transactionBits();
                expectUnlikeStun(withTransaction(message, cookie << unused >>> unused));
            }
        });
    }

    private void expectUnlikeStun(Message message) {
        ByteBuffer datagram = encoded(message);
        assertThat(datagram.limit() >= 8
                        && (datagram.get(0) == 0 || datagram.get(0) == 1)
                        && datagram.getInt(4) == STUN_COOKIE)
                .as("%s looks like STUN", message)
                .isFalse();
    }

    private static Message withTransaction(Message message, long transaction) {
        ByteBuffer cookies = ByteBuffer.allocate(Key.BYTES);
        while (cookies.hasRemaining()) {
            cookies.putInt(STUN_COOKIE);
        }
        Key sender = Key.of(cookies.array());
        if (message instanceof Reply reply) {
            return new Reply(
                    transaction, sender, reply.to(), reply.contacts(), reply.token(), reply.error(), reply.value());
        }
        Request request = (Request) message;
        return new Request(
                transaction,
                sender,
                request.to(),
                request.command(),
                request.target(),
                request.commit(),
                request.token(),
                request.value(),
                request.relay(),
                request.padding());
    }

    @Test
    void C11_any_kind_of_buffer_serves_and_only_between_its_position_and_its_limit() {
        rounds(messages() / 3, message -> {
            byte[] expected = bytes(message);
            int size = expected.length;
            for (ByteBuffer whole : buffers(size + 20)) {
                ByteBuffer buffer = whole.position(5).slice().order(whole.order());
                codec.encode(message, buffer.position(3).limit(3 + size));
                assertThat(buffer.position()).isEqualTo(3 + size);
                assertThat(Bytes.of(inside(whole, 8, size))).isEqualTo(Bytes.of(expected));
                assertThat(outside(whole, 8, size)).containsOnly(FILL);
                assertThat(decoded(buffer.position(3).asReadOnlyBuffer().order(buffer.order())))
                        .isEqualTo(carried(message));
                assertThat(decoded(buffer)).isEqualTo(carried(message));
            }
        });
    }

    @Test
    void C11_what_is_decoded_does_not_change_with_the_buffer_it_came_from() {
        rounds(messages() / 3, message -> {
            for (ByteBuffer buffer :
                    List.of(ByteBuffer.allocate(codec.size(message)), ByteBuffer.allocateDirect(codec.size(message)))) {
                codec.encode(message, buffer);
                Message decoded = decoded(buffer.flip().duplicate());
                while (buffer.hasRemaining()) {
                    buffer.put(FILL);
                }
                assertThat(decoded).isEqualTo(carried(message));
            }
        });
    }

    private static List<ByteBuffer> buffers(int size) {
        List<ByteBuffer> buffers = List.of(
                ByteBuffer.allocate(size),
                ByteBuffer.allocateDirect(size),
                ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN),
                ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN));
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining()) {
                buffer.put(FILL);
            }
            buffer.clear();
        }
        return buffers;
    }

    private static byte[] inside(ByteBuffer buffer, int from, int size) {
        byte[] inside = new byte[size];
        buffer.duplicate().clear().position(from).get(inside);
        return inside;
    }

    /** What is left and right of {@code size} bytes at {@code from}. */
    private static byte[] outside(ByteBuffer buffer, int from, int size) {
        byte[] all = inside(buffer, 0, buffer.capacity());
        byte[] outside = Arrays.copyOf(all, all.length - size);
        System.arraycopy(all, from + size, outside, from, all.length - size - from);
        return outside;
    }

    private @Nullable Message decoded(byte[] bytes) {
        return decoded(ByteBuffer.wrap(bytes));
    }

    /** The message, or null if there is none; anything else that comes of the bytes is a failure. */
    private @Nullable Message decoded(ByteBuffer datagram) {
        ByteBuffer told = datagram.duplicate();
        try {
            return codec.decode(datagram);
        } catch (MalformedMessageException e) {
            return null;
        } catch (Throwable e) {
            byte[] bytes = new byte[told.remaining()];
            told.get(bytes);
            return fail("Decoding " + HexFormat.of().formatHex(bytes) + " threw " + e, e);
        }
    }
}
