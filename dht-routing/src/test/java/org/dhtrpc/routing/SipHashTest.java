package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

class SipHashTest {
    @Test
    void it_is_the_siphash_that_others_compute() {
        Seeded.rounds(1_000, random -> {
            long k0 = random.nextLong();
            long k1 = random.nextLong();
            ByteBuffer message = ByteBuffer.allocate(24)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(random.nextLong())
                    .putLong(random.nextLong())
                    .putLong(random.nextLong());
            assertThat(new SipHash(k0, k1).of(message.getLong(0), message.getLong(8), message.getLong(16)))
                    .isEqualTo(
                            Hashing.sipHash24(k0, k1).hashBytes(message.array()).asLong());
        });
    }
}
