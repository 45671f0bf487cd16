package org.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys against the oracle of unsigned 256-bit arithmetic. */
class KeyTest {
    private static final long SEED = 20_261_122;
    private static final int ROUNDS = 2_000;
    private static final String HEX = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";

    private final Random random = new Random(SEED);

    @Test
    void is_written_as_64_digits_most_significant_first_and_read_back() {
        Key key = Key.parse(HEX);
        assertThat(key).hasToString(HEX);
        assertThat(key.toByteArray()).startsWith(0, 1, 2, 3).endsWith(0xff);
        assertThat(Key.of(key.toByteArray())).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(Key.of(Bytes.parse(HEX))).isEqualTo(key);
        assertThat(Key.parse(HEX.toUpperCase(java.util.Locale.ROOT))).isEqualTo(key);
        assertThat(Key.ZERO).hasToString("0".repeat(64));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void a_length_that_is_not_32_bytes_is_refused_with_both_numbers(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Key.of(new byte[length]))
                .withMessage("A key has 32 bytes, not " + length);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Key.of(Bytes.of(new byte[length])))
                .withMessage("A key has 32 bytes, not " + length);
    }

    @Test
    void a_text_of_the_wrong_length_is_refused_with_the_text_and_the_length() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Key.parse("abc"))
                .withMessage("A key is written as 64 hexadecimal digits, not 3 characters: 'abc'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Key.parse("f".repeat(100_000)))
                .withMessageContaining("not 100000 characters")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void a_text_that_is_no_hexadecimal_is_refused_and_quoted() {
        String text = "xy" + HEX.substring(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Key.parse(text))
                .withMessageContaining("64 hexadecimal digits")
                .withMessageContaining(text);
    }

    @Test
    void distance_is_exclusive_or_and_symmetric() {
        for (int i = 0; i < ROUNDS; i++) {
            Key left = Key.random(random);
            Key right = Key.random(random);
            assertThat(number(left.distance(right))).isEqualTo(number(left).xor(number(right)));
            assertThat(left.distance(right)).isEqualTo(right.distance(left));
        }
        Key key = Key.random(random);
        assertThat(key.distance(key)).isEqualTo(Key.ZERO);
        assertThat(key.distance(Key.ZERO)).isEqualTo(key);
    }

    @Test
    void compares_distances_as_unsigned_numbers() {
        for (int i = 0; i < ROUNDS; i++) {
            Key target = Key.random(random);
            Key left = near(target);
            Key right = near(target);
            int expected =
                    number(target).xor(number(left)).compareTo(number(target).xor(number(right)));
            assertThat(Integer.signum(target.compareDistance(left, right))).isEqualTo(expected);
            assertThat(Integer.signum(target.compareDistance(right, left))).isEqualTo(-expected);
            assertThat(Integer.signum(left.compareTo(right)))
                    .isEqualTo(number(left).compareTo(number(right)));
        }
        Key key = Key.random(random);
        assertThat(key.compareDistance(HIGHEST, HIGHEST)).isZero();
        assertThat(Key.ZERO).isLessThan(HIGHEST);
    }

    private static final Key HIGHEST = Key.parse("f".repeat(64));

    /** Differs from the target in a late bit as often as in an early one. */
    private Key near(Key target) {
        return target.randomInBucket(random.nextInt(Key.BITS), random);
    }

    @Test
    void common_prefix_counts_the_leading_bits_that_are_equal() {
        for (int i = 0; i < ROUNDS; i++) {
            Key key = Key.random(random);
            Key other = near(key);
            int expected = Key.BITS - number(key).xor(number(other)).bitLength();
            assertThat(key.commonPrefix(other)).isEqualTo(expected);
            assertThat(other.commonPrefix(key)).isEqualTo(expected);
        }
        assertThat(HIGHEST.commonPrefix(HIGHEST)).isEqualTo(256);
        assertThat(HIGHEST.commonPrefix(Key.ZERO)).isZero();
    }

    @Test
    void bits_are_counted_from_the_most_significant() {
        for (int i = 0; i < 100; i++) {
            Key key = Key.random(random);
            for (int bit = 0; bit < Key.BITS; bit++) {
                assertThat(key.bit(bit)).isEqualTo(number(key).testBit(255 - bit));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 1_000, -64, -1, Integer.MIN_VALUE})
    void a_bit_beyond_the_key_is_refused_with_its_index(int index) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> Key.ZERO.bit(index))
                .withMessage("A key has the bits 0 to 255, not " + index);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> Key.ZERO.randomInBucket(index, random))
                .withMessage("A key has the bits 0 to 255, not " + index);
    }

    @Test
    void a_random_key_of_a_bucket_shares_exactly_its_prefix() {
        for (int prefix = 0; prefix < Key.BITS; prefix++) {
            for (int i = 0; i < 20; i++) {
                Key key = Key.random(random);
                assertThat(key.commonPrefix(key.randomInBucket(prefix, random))).isEqualTo(prefix);
            }
        }
    }

    @Test
    void a_random_key_of_a_bucket_varies_behind_its_prefix() {
        Key key = Key.random(random);
        for (int bit = 101; bit < Key.BITS; bit++) {
            int later = bit;
            assertThat(random.ints(64)
                            .mapToObj(ignored -> key.randomInBucket(100, random).bit(later)))
                    .as("bit %s, seed %s", bit, SEED)
                    .contains(true, false);
        }
    }

    @Test
    void a_buffers_byte_order_does_not_matter() {
        Key key = Key.parse(HEX);
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            for (ByteBuffer buffer : new ByteBuffer[] {ByteBuffer.allocate(40), ByteBuffer.allocateDirect(40)}) {
                key.write(buffer.order(order).position(3));
                assertThat(buffer.position()).isEqualTo(35);
                assertThat(buffer.order()).isEqualTo(order);
                byte[] written = new byte[Key.BYTES];
                buffer.get(3, written);
                assertThat(written).isEqualTo(key.toByteArray());
                assertThat(Key.read(buffer.position(3))).isEqualTo(key);
                assertThat(buffer.position()).isEqualTo(35);
            }
        }
    }

    @Test
    void a_buffer_that_is_too_short_throws() {
        assertThatExceptionOfType(BufferUnderflowException.class).isThrownBy(() -> Key.read(ByteBuffer.allocate(31)));
        assertThatExceptionOfType(BufferOverflowException.class)
                .isThrownBy(() -> Key.ZERO.write(ByteBuffer.allocate(31)));
    }

    @Test
    void an_array_that_comes_out_is_a_copy() {
        Key key = Key.parse(HEX);
        key.toByteArray()[0] = 77;
        assertThat(key).hasToString(HEX);
    }

    @Test
    void the_hash_of_a_value_is_its_sha_256() {
        assertThat(Key.hashOf(Bytes.EMPTY))
                .hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(Key.hashOf(Bytes.utf8("abc")))
                .hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void keys_are_equal_if_all_256_bits_are() {
        Key key = Key.random(random);
        assertThat(key).isEqualTo(Key.of(key.toByteArray())).isNotEqualTo(null).isNotEqualTo(HEX);
        for (int prefix = 0; prefix < Key.BITS; prefix++) {
            assertThat(key.randomInBucket(prefix, random)).isNotEqualTo(key);
        }
    }

    private static BigInteger number(Key key) {
        return new BigInteger(1, key.toByteArray());
    }
}
