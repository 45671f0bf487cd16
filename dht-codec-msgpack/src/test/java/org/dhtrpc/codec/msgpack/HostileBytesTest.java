package org.dhtrpc.codec.msgpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.MalformedMessageException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C3 and C5 once more, with bytes that are hostile to MessagePack. */
class HostileBytesTest {
    /** The elements of a ping that stand before an extra, thirteenth one. */
    private static final String PING = "010001c406c00002010cd2c000c0c2c0c0c0c0";

    private final MsgpackCodec codec = new MsgpackCodec();

    @Test
    void c3EveryPrefixOfAMessageIsMalformed() {
        for (byte[] datagram : valid()) {
            for (int length = 0; length < datagram.length; length++) {
                byte[] prefix = Arrays.copyOf(datagram, length);
                assertThatExceptionOfType(MalformedMessageException.class)
                        .as(() -> HexFormat.of().formatHex(prefix))
                        .isThrownBy(() -> codec.decode(ByteBuffer.wrap(prefix)));
            }
        }
    }

    @Test
    void c5EveryByteBehindAMessageIsMalformed() {
        for (byte[] datagram : valid()) {
            byte[] longer = Arrays.copyOf(datagram, datagram.length + 1);
            for (int last = 0; last < 256; last++) {
                longer[datagram.length] = (byte) last;
                assertThat(decodeIfItIsAMessage(longer, "byte " + last)).isNull();
            }
        }
    }

    @Test
    void c3AnyOtherValueOfAnyByteGivesAMessageOrIsMalformed() {
        for (byte[] datagram : valid()) {
            byte[] mutant = datagram.clone();
            for (int i = 0; i < mutant.length; i++) {
                for (int change = 1; change < 256; change++) {
                    mutant[i] = (byte) (datagram[i] ^ change);
                    decodeIfItIsAMessage(mutant, "position " + i);
                }
                mutant[i] = datagram[i];
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c6ffffffff", // binaries, texts and extensions of 4 and of 2 GiB
                "c67fffffff",
                "dbffffffff",
                "db7fffffff",
                "c9ffffffff00",
                "c97fffffff00",
                "ddffffffff", // arrays and maps of billions, some of whose counts would overflow an int
                "dd7fffffff",
                "dfffffffff",
                "df7fffffff",
                "df40000000",
                "df7fffffffdf7fffffff",
                "dd7fffffffdd7fffffffdd7fffffff",
                "c1"
            })
    void c3ALengthThatLiesAllocatesNothingOfThatLength(String element) {
        for (String hex : List.of(
                element,
                "9d" + PING + element,
                "dc0010" + PING + element + "c0c0c0",
                "dd7fffffff" + PING + element,
                "9c010001" + element,
                "9c010001c406c00002010cd2c000c0c2c0" + element + "c0c0")) {
            byte[] datagram = HexFormat.of().parseHex(hex);
            assertThatExceptionOfType(MalformedMessageException.class)
                    .as(hex)
                    .isThrownBy(() -> codec.decode(ByteBuffer.wrap(datagram)));
            assertThat(allocatedByDecoding(datagram)).as(hex).isLessThan(32 * 1024);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"91", "8100", "dc0001", "dd00000001", "92c0", "82c0c0c0"})
    void c6NestedAsDeeplyAsADatagramAllowsIsSkippedWithoutRecursion(String head) throws MalformedMessageException {
        byte[] datagram = HexFormat.of().parseHex("9d" + PING + head.repeat(2 * 1100 / head.length()) + "c0");

        assertThat(codec.decode(ByteBuffer.wrap(datagram))).isNotNull();
        assertThat(allocatedByDecoding(datagram)).isLessThan(32 * 1024);
    }

    @Test
    void c3TenThousandNestedArraysAreTooLargeADatagram() {
        byte[] datagram = new byte[10_000];
        Arrays.fill(datagram, (byte) 0x91);

        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> codec.decode(ByteBuffer.wrap(datagram)));
        assertThat(allocatedByDecoding(datagram)).isLessThan(32 * 1024);
    }

    @Test
    void c3TheLargestMessagesAllocateASmallMultipleOfTheirSize() {
        for (byte[] datagram : valid()) {
            assertThat(allocatedByDecoding(datagram)).isLessThan(8 * 1024);
        }
    }

    private static List<byte[]> valid() {
        List<byte[]> valid = new ArrayList<>(Vectors.PUBLISHED.values());
        valid.addAll(Vectors.READABLE.values());
        return valid;
    }

    private @Nullable Message decodeIfItIsAMessage(byte[] bytes, String what) {
        try {
            return codec.decode(ByteBuffer.wrap(bytes));
        } catch (MalformedMessageException e) {
            return null;
        } catch (Throwable e) {
            return fail(what + ": " + HexFormat.of().formatHex(bytes), e);
        }
    }

    /** In bytes, the second time: the first may load classes. */
    private long allocatedByDecoding(byte[] datagram) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        decodeIfItIsAMessage(datagram, "allocation");
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        decodeIfItIsAMessage(datagram, "allocation");
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
