package org.dhtrpc.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiTest {
    private static final Endpoint ENDPOINT = Endpoint.parse("192.0.2.1:3282");

    private static Wire wire(int transactionBits, int tokenBytes, int maxDatagram, int replyFactor) {
        return new Wire(
                "test",
                transactionBits,
                tokenBytes,
                true,
                Set.of(AddressFamily.IPV4),
                maxDatagram,
                replyFactor,
                true,
                false,
                false,
                true,
                true,
                every -> true,
                null);
    }

    private static Wire wire(Set<AddressFamily> families) {
        return new Wire("test", 1, 8, true, families, 1_200, 3, true, false, false, true, true, every -> true, null);
    }

    @Test
    void a_wire_copies_its_families() {
        Set<AddressFamily> families = EnumSet.of(AddressFamily.IPV4);
        Wire wire = wire(families);
        families.clear();
        assertThat(wire.families()).containsExactly(AddressFamily.IPV4).isUnmodifiable();
        assertThat(wire(Set.of()).families()).isEmpty();
    }

    @Test
    void a_wire_has_its_families_in_the_order_of_declaration() {
        Set<AddressFamily> backwards = new LinkedHashSet<>(List.of(AddressFamily.IPV6, AddressFamily.IPV4));
        assertThat(wire(backwards).families()).containsExactly(AddressFamily.IPV4, AddressFamily.IPV6);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65})
    void a_wire_has_1_to_64_bits_of_a_transaction_id(int bits) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wire(bits, 8, 1_200, 3))
                .withMessage("A transaction id has 1 to 64 bits, not " + bits);
        assertThat(wire(64, 8, 1_200, 3).transactionBits()).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 7, 65})
    void a_wire_has_tokens_of_8_to_64_bytes(int bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wire(64, bytes, 1_200, 3))
                .withMessage("A token has 8 to 64 bytes, not " + bytes);
        assertThat(wire(64, 64, 1_200, 3).tokenBytes()).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65_508})
    void a_wires_datagrams_fit_in_udp(int bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wire(64, 8, bytes, 3))
                .withMessage("A datagram has 1 to 65507 bytes, not " + bytes);
        assertThat(wire(64, 8, 65_507, 3).maxDatagram()).isEqualTo(65_507);
    }

    @Test
    void a_wires_reply_factor_is_not_negative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wire(64, 8, 1_200, -1))
                .withMessage("A reply is 0 or more times as large as its request, not -1");
        assertThat(wire(64, 8, 1_200, 0).replyFactor()).isZero();
    }

    @Test
    void random_ids_are_drawn_from_the_generator_and_all_are_accepted() {
        IdPolicy policy = IdPolicy.random();
        Key id = policy.create(new Random(1), null);
        assertThat(policy.create(new Random(1), ENDPOINT)).isEqualTo(id);
        assertThat(policy.create(new Random(2), ENDPOINT)).isNotEqualTo(id);
        assertThat(policy.accept(Key.ZERO, ENDPOINT)).isTrue();
        assertThat(policy).isEqualTo(IdPolicy.random());
    }

    @Test
    void a_malformed_message_is_cheap_to_report() {
        MalformedMessageException malformed = new MalformedMessageException("no version");
        assertThat(malformed).hasMessage("no version");
        assertThat(malformed.getStackTrace()).isEmpty();
        malformed.addSuppressed(new IllegalStateException("is not kept"));
        assertThat(malformed.getSuppressed()).isEmpty();
    }

    @Test
    void a_transport_that_says_nothing_takes_1472_bytes_and_has_no_siblings() {
        Transport plain = new Plain();
        assertThat(plain.maxPayload()).isEqualTo(1_472);
        assertThat(plain.sibling())
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(UnsupportedOperationException.class)
                .withMessage(Plain.class.getName() + " has no siblings");
    }

    @Test
    void a_receiver_need_not_care_for_the_end() {
        Transport.Receiver receiver = (from, datagram) -> {
            throw new AssertionError("nothing was sent");
        };
        assertThatCode(receiver::closed).doesNotThrowAnyException();
    }

    private static final class Plain implements Transport {
        @Override
        public Endpoint localAddress() {
            return ENDPOINT;
        }

        @Override
        public EventLoop loop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void open(Receiver receiver) {}

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {}

        @Override
        public void close() {}
    }
}
