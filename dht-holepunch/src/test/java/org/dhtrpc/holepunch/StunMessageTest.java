package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StunMessageTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final TransactionId ID = new TransactionId(0x0123456789abcdefL, 0x76543210);

    private static @Nullable StunMessage read(byte[] datagram) {
        return StunMessage.read(ByteBuffer.wrap(datagram));
    }

    private static StunMessage message(byte[] datagram) {
        return Objects.requireNonNull(read(datagram));
    }

    private static Endpoint endpoint(RandomGenerator random) {
        byte[] address = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(address);
        return Endpoint.of(address, random.nextInt(65_536));
    }

    @ParameterizedTest
    @EnumSource
    void a_kind_and_a_method_come_back(Kind kind) {
        for (int method = 0; method < 0x1000; method++) {
            StunMessage message = message(StunWriter.of(kind, method, ID).bytes());
            assertThat(message.kind()).isEqualTo(kind);
            assertThat(message.method()).isEqualTo(method);
            assertThat(message.transaction()).isEqualTo(ID);
        }
    }

    @Test
    void what_is_written_is_read() {
        Seeded.rounds(300, random -> {
            Endpoint plain = endpoint(random);
            Endpoint hidden = endpoint(random);
            byte[] data = new byte[random.nextInt(1_000)];
            random.nextBytes(data);
            int number = random.nextInt();
            TransactionId id = TransactionId.random(random);
            byte[] datagram = StunWriter.of(Kind.ERROR, Stun.INVITE, id)
                    .address(Stun.MAPPED_ADDRESS, plain)
                    .xorAddress(Stun.XOR_PEER_ADDRESS, hidden)
                    .add(Stun.DATA, data)
                    .number(Stun.RELAY_LIMIT, number)
                    .error(438, "Stale")
                    .sealed(KEY);
            StunMessage message = message(datagram);
            assertThat(message.transaction()).isEqualTo(id);
            assertThat(message.address(Stun.MAPPED_ADDRESS)).isEqualTo(plain);
            assertThat(message.xorAddress(Stun.XOR_PEER_ADDRESS)).isEqualTo(hidden);
            assertThat(message.value(Stun.DATA)).isEqualTo(data);
            assertThat(message.number(Stun.RELAY_LIMIT)).isEqualTo(number);
            assertThat(message.errorCode()).isEqualTo(438);
            assertThat(message.integrityHolds(KEY)).isTrue();
            assertThat(message.integrityHolds(new byte[] {1, 2, 4})).isFalse();
            datagram[random.nextInt(datagram.length - 8)] ^= (byte) (1 << random.nextInt(8));
            StunMessage damaged = read(datagram);
            assertThat(damaged != null && damaged.integrityHolds(KEY)).isFalse();
        });
    }

    @Test
    void what_is_behind_the_integrity_is_not_read() {
        byte[] signed = StunWriter.of(Kind.INDICATION, Stun.NOTIFY, ID).sealed(KEY);
        byte[] forged = ByteBuffer.allocate(signed.length - 8 + 8)
                .put(signed, 0, signed.length - 8)
                .putShort((short) Stun.EVENT)
                .putShort((short) 4)
                .putInt(1)
                .putShort(2, (short) (signed.length - 20))
                .array();
        StunMessage message = message(forged);
        assertThat(message.integrityHolds(KEY)).isTrue();
        assertThat(message.has(Stun.EVENT)).isFalse();
    }

    @Test
    void a_code_that_is_cut_off_too_far_does_not_count() {
        byte[] datagram = StunWriter.of(Kind.INDICATION, Stun.NOTIFY, ID)
                .add(Stun.MESSAGE_INTEGRITY_SHA256, new byte[0])
                .bytes();
        StunMessage message = message(datagram);
        assertThat(message.integrityHolds(KEY)).isFalse();
    }

    @Test
    void padding_gives_the_size_that_is_wanted() {
        for (int size = 40; size < 1_400; size++) {
            byte[] datagram =
                    StunWriter.of(Kind.REQUEST, Stun.BINDING, ID).padTo(size).bytes();
            assertThat(datagram.length).isBetween(size - 3, size);
        }
        assertThat(StunWriter.of(Kind.REQUEST, Stun.BINDING, ID).padTo(30).bytes())
                .hasSize(28);
    }

    @Test
    void a_message_of_RFC_3489_is_read_and_answered_in_kind() {
        byte[] datagram = HexFormat.of().parseHex("00010008" + "00112233445566778899aabbccddeeff" + "0003000400000006");
        StunMessage message = message(datagram);
        assertThat(message.classic()).isTrue();
        assertThat(message.number(Stun.CHANGE_REQUEST)).isEqualTo(6);
        byte[] answer = StunWriter.answer(Kind.SUCCESS, message)
                .address(Stun.MAPPED_ADDRESS, Endpoint.parse("192.0.2.1:258"))
                .bare();
        assertThat(HexFormat.of().formatHex(answer))
                .isEqualTo("0101000c" + "00112233445566778899aabbccddeeff" + "0001000800010102c0000201");
    }

    @Test
    void random_bytes_are_no_message_or_one_and_never_throw() {
        Seeded.rounds(1_500, random -> {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            all(read(bytes));
            if (bytes.length >= 20) {
                byte[] whole = new byte[bytes.length & ~3];
                System.arraycopy(bytes, 0, whole, 0, whole.length);
                ByteBuffer.wrap(whole)
                        .putShort(0, (short) (random.nextInt() & 0x3FFF))
                        .putShort(2, (short) (whole.length - 20))
                        .putInt(4, Stun.COOKIE);
                for (int at = 20; at + 4 <= whole.length; at += 4 + 4 * random.nextInt(4)) {
                    whole[at + 2] = 0;
                    whole[at + 3] = (byte) random.nextInt(20);
                }
                all(read(whole));
            }
        });
    }

    /** Asks for everything. */
    static void all(@Nullable StunMessage message) {
        if (message == null) {
            return;
        }
        for (int type : new int[] {1, 3, 9, 0xA, 0x12, 0x20, 0x27, 0x4D01, 0x8022, 0x8028}) {
            message.has(type);
            message.value(type);
            message.values(type);
            message.number(type);
            message.address(type);
            message.xorAddress(type);
        }
        assertThat(message.errorCode()).isBetween(0, 799);
        message.unknown(type -> false);
        message.integrityHolds(KEY);
        message.integrityHolds(Stun.MESSAGE_INTEGRITY, KEY);
        assertThat(message.toString()).isNotEmpty();
        assertThat(message.size()).isEqualTo(message.bytes().length);
    }

    // Of our wire, of npm dht-rpc 6, and of 1 to 3: a ping each, and what could look like a length in the right place.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "9c010001c406c00002010cd2c000c0c2c0c0c0c0",
                "99010101c406c00002010cd2c420000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fc0c000c0",
                "030434120a000002a20f00",
                "030534120a000002a20f8520fb074d53645dd99dcf21a93157a659563982e476d8f2654821c44769ebfe00",
                "030c04000a000002a20f025a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
                "80010a055f70696e67",
                "80010a055f70696e671220aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "00010a055f70696e671220aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void a_datagram_of_a_node_is_none(String hexadecimal) {
        assertThat(read(HexFormat.of().parseHex(hexadecimal))).isNull();
    }

    @Test
    void lengths_have_to_add_up() {
        byte[] good =
                StunWriter.of(Kind.REQUEST, Stun.BINDING, ID).number(0x8001, 7).bytes();
        assertThat(read(good)).isNotNull();
        for (int length = 0; length < good.length; length++) {
            assertThat(StunMessage.read(ByteBuffer.wrap(good, 0, length))).isNull();
        }
        byte[] longer = new byte[good.length + 4];
        System.arraycopy(good, 0, longer, 0, good.length);
        assertThat(read(longer)).isNull();
        good[23] = 100;
        assertThat(read(good)).isNull();
    }

    @Test
    void a_buffer_is_left_as_it_was() {
        byte[] good = StunWriter.of(Kind.REQUEST, Stun.BINDING, ID).bytes();
        ByteBuffer buffer =
                ByteBuffer.allocate(100).position(11).put(good).flip().position(11);
        assertThat(StunMessage.read(buffer)).isNotNull();
        assertThat(buffer.position()).isEqualTo(11);
        assertThat(buffer.remaining()).isEqualTo(good.length);
    }
}
