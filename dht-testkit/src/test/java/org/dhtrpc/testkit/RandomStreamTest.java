package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
    @Test
    void isSplitMix64() {
        // The first numbers of the reference implementation for seed 1234567.
        RandomStream random = new RandomStream(1_234_567);
        assertThat(random.nextLong()).isEqualTo(6_457_827_717_110_365_317L);
        assertThat(random.nextLong()).isEqualTo(3_203_168_211_198_807_973L);
        assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
    }

    @Test
    void otherNumbersAreMadeOfTheSameBits() {
        long first = new RandomStream(9).nextLong();
        assertThat(new RandomStream(9).nextInt()).isEqualTo((int) (first >>> 32));
        assertThat(new RandomStream(9).nextBoolean()).isEqualTo(first < 0);
        assertThat(new RandomStream(9).nextDouble()).isEqualTo((first >>> 11) / (double) (1L << 53));
        assertThat(new RandomStream(9).nextInt(100)).isEqualTo((int) ((first >>> 1) % 100));
        assertThat(new RandomStream(9).nextInt(-50, 50)).isEqualTo((int) ((first >>> 1) % 100) - 50);
        byte[] bytes = new byte[11];
        new RandomStream(9).nextBytes(bytes);
        assertThat(bytes[0]).isEqualTo((byte) first);
        assertThat(bytes[7]).isEqualTo((byte) (first >>> 56));
        assertThat(Bytes.of(bytes).size()).isEqualTo(11);
    }

    @Test
    void boundedNumbersAreEquallyLikely() {
        RandomStream random = new RandomStream(10);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            counts[random.nextInt(7)]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(9_700, 10_300);
        }
    }

    @Test
    void hugeSpansStayInBounds() {
        RandomStream random = new RandomStream(11);
        for (int i = 0; i < 1_000; i++) {
            assertThat(random.nextLong(Long.MIN_VALUE, Long.MAX_VALUE)).isLessThan(Long.MAX_VALUE);
            assertThat(random.nextLong(-2, Long.MAX_VALUE)).isBetween(-2L, Long.MAX_VALUE - 1);
            assertThat(random.nextLong((1L << 62) + 1)).isBetween(0L, 1L << 62);
        }
    }

    @Test
    void anEmptyRangeIsRefused() {
        RandomStream random = new RandomStream(12);
        assertThatThrownBy(() -> random.nextInt(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> random.nextLong(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> random.nextInt(3, 3)).hasMessage("The bound must be more than 3, not 3");
    }

    @Test
    void aHashDependsOnTheOrderAndOnZeros() {
        assertThat(new Hash64(1).add(2).value())
                .isNotEqualTo(new Hash64(2).add(1).value());
        assertThat(new Hash64(0).add(0).value())
                .isNotZero()
                .isNotEqualTo(new Hash64(0).add(0).add(0).value());
        assertThat(new Hash64(0).add("ab").value())
                .isNotEqualTo(new Hash64(0).add("ba").value());
        Endpoint a = Endpoint.parse("10.0.0.1:1");
        Endpoint b = Endpoint.parse("10.0.0.1:2");
        assertThat(new Hash64(0).add(a).add(b).value())
                .isNotEqualTo(new Hash64(0).add(b).add(a).value());
    }

    @Test
    void drawsOfOneHostShiftNothingOfAnother() {
        SimulatedNetwork one = SimulatedNetwork.seeded(13).build();
        SimulatedNetwork other = SimulatedNetwork.seeded(13).build();
        SimulatedHost first = one.host();
        for (int i = 0; i < 100; i++) {
            first.random().nextLong();
        }
        SimulatedHost untouched = other.host();
        assertThat(first.id()).isEqualTo(untouched.id());
        SimulatedHost second = one.host();
        SimulatedHost same = other.host();
        assertThat(second.id()).isEqualTo(same.id()).isNotEqualTo(first.id());
        assertThat(second.random().nextLong()).isEqualTo(same.random().nextLong());
        assertThat(second.random()).isSameAs(second.random());
        assertThat(untouched.random().nextLong()).isNotEqualTo(same.random().nextLong());
    }
}
