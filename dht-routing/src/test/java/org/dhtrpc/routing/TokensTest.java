package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final long PERIOD = Tokens.PERIOD.toNanos();
    private static final Endpoint PEER = Endpoint.parse("192.0.2.7:1000");

    private final Tokens tokens = new Tokens(8, new Random(1));

    @Test
    void a_token_is_good_for_the_address_and_port_it_was_given_to() {
        Bytes token = tokens.issue(0, PEER);
        assertThat(token.size()).isEqualTo(8);
        assertThat(tokens.accepts(0, PEER, token)).isTrue();
        assertThat(tokens.accepts(0, Endpoint.parse("192.0.2.7:1001"), token)).isFalse();
        assertThat(tokens.accepts(0, Endpoint.parse("192.0.2.8:1000"), token)).isFalse();
        assertThat(tokens.accepts(0, Endpoint.parse("[2001:db8::7]:1000"), token))
                .isFalse();
    }

    @Test
    void a_token_of_the_wrong_length_or_with_one_bit_changed_is_refused() {
        byte[] token = tokens.issue(0, PEER).toByteArray();
        assertThat(tokens.accepts(0, PEER, Bytes.EMPTY)).isFalse();
        assertThat(tokens.accepts(0, PEER, Bytes.of(java.util.Arrays.copyOf(token, 7))))
                .isFalse();
        assertThat(tokens.accepts(0, PEER, Bytes.of(java.util.Arrays.copyOf(token, 9))))
                .isFalse();
        for (int bit = 0; bit < 64; bit++) {
            byte[] forged = token.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(tokens.accepts(0, PEER, Bytes.of(forged))).isFalse();
        }
    }

    @Test
    void a_token_outlives_one_change_of_the_secret_and_not_two() {
        Bytes token = tokens.issue(0, PEER);
        assertThat(tokens.accepts(PERIOD, PEER, token)).isTrue();
        assertThat(tokens.accepts(2 * PERIOD - 1, PEER, token)).isTrue();
        assertThat(tokens.accepts(2 * PERIOD, PEER, token)).isFalse();
    }

    @Test
    void a_token_never_lives_longer_than_two_periods_however_seldom_the_secrets_are_needed() {
        Bytes token = tokens.issue(0, PEER);
        assertThat(tokens.accepts(2 * PERIOD - 1, PEER, token)).isTrue();
        assertThat(tokens.accepts(2 * PERIOD + 1, PEER, token)).isFalse();
        Bytes next = tokens.issue(2 * PERIOD + 1, PEER);
        assertThat(tokens.accepts(5 * PERIOD, PEER, next)).isFalse();
    }

    @Test
    void every_token_lives_for_one_period_at_least_and_less_than_two_for_its_address_alone() {
        Seeded.rounds(20, random -> {
            Tokens some = new Tokens(8, random);
            long now = random.nextLong();
            for (int i = 0; i < 100; i++) {
                now += random.nextLong(3 * PERIOD);
                Endpoint holder = Peer.endpoint(random.nextInt(100));
                Bytes token = some.issue(now, holder);
                long age = random.nextLong(3 * PERIOD);
                now += age;
                boolean accepted = some.accepts(now, holder, token);
                assertThat(accepted || age >= PERIOD).as("young enough").isTrue();
                assertThat(accepted && age >= 2 * PERIOD).as("too old").isFalse();
                assertThat(some.accepts(now, Peer.endpoint(100 + i), token)).isFalse();
            }
        });
    }

    @Test
    void a_wire_with_long_tokens_gets_long_ones_that_do_not_repeat_themselves() {
        Tokens longer = new Tokens(32, new Random(1));
        byte[] token = longer.issue(0, PEER).toByteArray();
        assertThat(token).hasSize(32);
        assertThat(java.util.Arrays.copyOf(token, 8)).isNotEqualTo(java.util.Arrays.copyOfRange(token, 8, 16));
        assertThat(longer.accepts(0, PEER, Bytes.of(token))).isTrue();
        token[31] ^= 1;
        assertThat(longer.accepts(0, PEER, Bytes.of(token))).isFalse();
    }
}
