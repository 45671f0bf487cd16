package org.dhtrpc.codec.dhtrpc;

import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.spi.Codec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** C3 once more, with bytes that are hostile to these wires. */
class HostileBytesTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final Codec CODEC_6 = new DhtRpc6Codec();
    private static final Codec CODEC_1 = new DhtRpc1Codec();

    static Stream<Arguments> wires() {
        return Stream.of(
                Arguments.of(CODEC_6, Vectors.DHT_RPC_6.values()), Arguments.of(CODEC_1, Vectors.DHT_RPC_1.values()));
    }

    @ParameterizedTest
    @MethodSource("wires")
    void c3EveryPrefixOfAMessageIsAMessageOrMalformed(Codec codec, Collection<Bytes> datagrams) {
        for (Bytes datagram : datagrams) {
            for (int length = 0; length < datagram.size(); length++) {
                Robustness.check(codec, Arrays.copyOf(datagram.toByteArray(), length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("wires")
    void c3AnyOtherBitGivesAMessageOrIsMalformed(Codec codec, Collection<Bytes> datagrams) {
        for (Bytes datagram : datagrams) {
            byte[] mutant = datagram.toByteArray();
            for (int i = 0; i < mutant.length; i++) {
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                    mutant[i] = (byte) (datagram.get(i) ^ 1 << bit);
                    Robustness.check(codec, mutant);
                }
                mutant[i] = datagram.get(i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "130434120a000003a30ffeffffff7f", // 2^31-1 contacts
                "130434120a000003a30ffe00001000", // as many as peers would make room for
                "130434120a000003a30fff0000000000000080",
                "131034120a000003a30ffeffffff7f", // values of gigabytes
                "131034120a000003a30fffffffffffffffff7f",
                "030034120a000002a20fffffffffffffffffff"
            })
    void c3ALengthThatLiesAllocatesNothingOfThatLength(String head) {
        Robustness.check(CODEC_6, HexFormat.of().parseHex(head));
        Robustness.check(CODEC_6, HexFormat.of().parseHex(head + "0a000002a20f".repeat(300)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0aff01", "12ffffffff07", "1affffffffffffffff7f", "22808080808080808080ff01", "4affffffff0f"})
    void c3AFieldThatLiesAllocatesNothingOfThatLength(String field) {
        for (String head : new String[] {"0001", "8001", "80010a055f70696e67"}) {
            Robustness.check(CODEC_1, HexFormat.of().parseHex(head + field));
            Robustness.check(CODEC_1, HexFormat.of().parseHex(head + field + "00".repeat(1000)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0a0161", "1200", "1a00", "40ffffffff0f", "4200", "8aff0100", "1220" + KEY, "0a20" + KEY})
    void c3AFieldOverAndOverIsReadForLittleMemory(String field) {
        for (String head : new String[] {"0001", "8001", "80010a055f70696e67"}) {
            Robustness.check(CODEC_1, HexFormat.of().parseHex(head + field.repeat(2 * 1200 / field.length())));
        }
    }
}
