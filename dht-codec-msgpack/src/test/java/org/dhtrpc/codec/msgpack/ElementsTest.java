package org.dhtrpc.codec.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.dhtrpc.Bytes;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/** Behind each of the 256 heads our reading is that of msgpack-core, or malformed where the type is another one. */
class ElementsTest {
    private static final int LONGEST = 100;

    private final Elements elements = new Elements();

    /** Null stands for what is no such element, here and below. */
    private interface Reading {
        @Nullable
        Object read() throws MalformedMessageException;
    }

    private interface Unpacking {
        @Nullable
        Object unpack(MessageUnpacker unpacker) throws IOException;
    }

    @Test
    void numbersAreThoseOfMsgpackCore() {
        compare(ValueType.INTEGER, () -> elements.number("number"), MessageUnpacker::unpackLong);
    }

    @Test
    void booleansAreThoseOfMsgpackCore() {
        compare(ValueType.BOOLEAN, () -> elements.bool("boolean"), MessageUnpacker::unpackBoolean);
    }

    @Test
    void arraysAreThoseOfMsgpackCore() {
        compare(ValueType.ARRAY, () -> upToAnInt(elements.array("array")), MessageUnpacker::unpackArrayHeader);
    }

    private static @Nullable Integer upToAnInt(long count) {
        return count > Integer.MAX_VALUE ? null : (int) count;
    }

    @Test
    void textsAreThoseOfMsgpackCore() {
        compare(ValueType.STRING, () -> payload(elements.text("text", LONGEST)), unpacker -> {
            int length = unpacker.unpackRawStringHeader();
            return length == 0 ? null : Bytes.of(unpacker.readPayload(length));
        });
    }

    @Test
    void binariesAreThoseOfMsgpackCore() {
        compare(
                ValueType.BINARY,
                () -> payload(elements.binary("binary")),
                unpacker -> Bytes.of(unpacker.readPayload(unpacker.unpackBinaryHeader())));
    }

    private @Nullable Bytes payload(int length) {
        return length == Elements.NIL ? null : Bytes.read(elements.payload(), length);
    }

    private void compare(ValueType type, Reading ours, Unpacking theirs) {
        Seeded.rounds(50, random -> {
            for (int head = 0; head < 256; head++) {
                byte[] bytes = bytes(random, head);
                assertThat(read(bytes, ours))
                        .as("%s from %s", type, HexFormat.of().formatHex(bytes))
                        .isEqualTo(unpacked(bytes, type, theirs));
            }
        });
    }

    /** Behind the head a length that is small as often as not, and then anything. */
    private static byte[] bytes(RandomGenerator random, int head) {
        byte[] bytes = new byte[1 + random.nextInt(LONGEST)];
        random.nextBytes(bytes);
        int zeros = Math.min(bytes.length - 1, random.nextInt(9));
        Arrays.fill(bytes, 0, zeros, (byte) 0);
        bytes[zeros] = (byte) random.nextInt(LONGEST);
        bytes[0] = (byte) head;
        return bytes;
    }

    private @Nullable Object read(byte[] bytes, Reading reading) {
        elements.take(ByteBuffer.wrap(bytes));
        try {
            return reading.read();
        } catch (MalformedMessageException e) {
            return null;
        }
    }

    private static @Nullable Object unpacked(byte[] bytes, ValueType type, Unpacking unpacking) {
        try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(bytes)) {
            return unpacker.getNextFormat().getValueType() == type ? unpacking.unpack(unpacker) : null;
        } catch (MessagePackException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
