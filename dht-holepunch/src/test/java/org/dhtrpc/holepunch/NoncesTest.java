package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.holepunch.Nonces.PERIOD;

import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

class NoncesTest {
    private static final Endpoint PEER = Endpoint.parse("192.0.2.7:1000");

    private final Nonces nonces = new Nonces(new Random(1));

    private static Endpoint any(RandomGenerator random) {
        byte[] address = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(address);
        return Endpoint.of(address, random.nextInt(1 << 16));
    }

    @Test
    void a_nonce_is_good_for_the_address_and_port_it_was_given_to() {
        byte[] nonce = nonces.issue(0, PEER);

        assertThat(nonce).hasSize(Nonces.SIZE);
        assertThat(nonces.accepts(0, PEER, nonce)).isTrue();
        for (String other : new String[] {"192.0.2.7:1001", "192.0.2.8:1000", "[2001:db8::7]:1000"}) {
            assertThat(nonces.accepts(0, Endpoint.parse(other), nonce))
                    .as(other)
                    .isFalse();
        }
    }

    @Test
    void none_or_one_of_the_wrong_length_or_with_one_bit_changed_is_refused() {
        byte[] nonce = nonces.issue(0, PEER);

        assertThat(nonces.accepts(0, PEER, null)).isFalse();
        for (int length : new int[] {0, 12, 15, 17, 32}) {
            assertThat(nonces.accepts(0, PEER, Arrays.copyOf(nonce, length))).isFalse();
        }
        for (int bit = 0; bit < 8 * Nonces.SIZE; bit++) {
            byte[] forged = nonce.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(nonces.accepts(0, PEER, forged)).isFalse();
        }
    }

    @Test
    void a_nonce_outlives_one_change_of_the_secret_and_not_two() {
        byte[] nonce = nonces.issue(0, PEER);

        assertThat(nonces.accepts(PERIOD, PEER, nonce)).isTrue();
        assertThat(nonces.accepts(2 * PERIOD - 1, PEER, nonce)).isTrue();
        assertThat(nonces.accepts(2 * PERIOD, PEER, nonce)).isFalse();
    }

    @Test
    void every_nonce_lives_for_one_period_at_least_and_less_than_two_for_its_endpoint_alone() {
        Seeded.rounds(20, random -> {
            Nonces some = new Nonces(random);
            long now = random.nextLong();
            for (int i = 0; i < 100; i++) {
                now += random.nextLong(3 * PERIOD);
                Endpoint holder = any(random);
                byte[] nonce = some.issue(now, holder);
                long age = random.nextLong(3 * PERIOD);
                now += age;
                boolean accepted = some.accepts(now, holder, nonce);
                assertThat(accepted || age >= PERIOD).isTrue();
                assertThat(accepted && age >= 2 * PERIOD).isFalse();
                assertThat(some.accepts(now, any(random), nonce)).isFalse();
            }
        });
    }

    @Test
    void two_referrers_do_not_take_each_others() {
        assertThat(new Nonces(new Random(2)).accepts(0, PEER, nonces.issue(0, PEER)))
                .isFalse();
    }
}
