package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Test;

/** What goes wrong stays where it happened: a datagram that cannot go, one that is too large, a receiver that throws. */
abstract class TransportFaultRules extends TransportEndRules {
    @Test
    void T6_sending_to_a_port_that_nobody_listens_on_does_not_throw_and_harms_nobody() {
        Transport nobody = bound();
        nobody.close();
        a.open(inbox);
        b.open(inbox);
        for (int i = 0; i < 20; i++) {
            a.send(nobody.localAddress(), datagram("to nobody"));
            b.send(nobody.localAddress(), datagram("to nobody"));
        }
        a.send(b.localAddress(), datagram("there"));
        assertThat(takeUntil(inbox, "there")).isEmpty();
        b.send(a.localAddress(), datagram("back"));
        assertThat(takeUntil(inbox, "back")).isEmpty();
    }

    @Test
    void T6_an_address_that_the_socket_cannot_reach_is_a_datagram_lost() {
        for (String unreachable : List.of("[::1]:9", "[2001:db8::1]:9", "127.0.0.1:0", "0.0.0.0:9", "[::]:9")) {
            assertThatCode(() -> a.send(Endpoint.parse(unreachable), datagram("lost")))
                    .as(unreachable)
                    .doesNotThrowAnyException();
        }
        b.open(inbox);
        a.send(b.localAddress(), datagram("found"));
        assertThat(takeUntil(inbox, "found")).isEmpty();
    }

    @Test
    void T6_sending_does_not_wait_for_a_receiver_that_does_not_read() {
        // Far more than a socket holds.
        unblocked("send", () -> {
            for (int i = 0; i < 2_500; i++) {
                a.send(b.localAddress(), ByteBuffer.allocate(Math.min(1_400, a.maxPayload())));
            }
        });
    }

    @Test
    void T6_a_thread_that_was_interrupted_sends_and_closes_like_any_other() {
        needsThreads();
        b.open(inbox);
        Transport c = bound();
        Thread.currentThread().interrupt();
        try {
            a.send(b.localAddress(), datagram("one"));
            c.close();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        a.send(b.localAddress(), datagram("two"));
        assertThat(takeUntil(inbox, "two")).containsExactly("one");
    }

    @Test
    void T7_a_datagram_that_is_too_large_throws_at_the_call_and_names_both_sizes() {
        int max = a.maxPayload();
        b.open(inbox);
        ByteBuffer large = ByteBuffer.allocate(max + 2).position(1);
        assertThatThrownBy(() -> a.send(b.localAddress(), large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(Integer.toString(max), Integer.toString(max + 1));
        assertThat(large.position()).isEqualTo(1);
        assertThat(large.limit()).isEqualTo(max + 2);
        a.send(b.localAddress(), datagram("next"));
        assertThat(takeUntil(inbox, "next")).isEmpty();
        assertThat(a.maxPayload()).isEqualTo(max).isLessThanOrEqualTo(65_507);
    }

    @Test
    void T8_a_receiver_that_throws_gets_the_next_datagram() {
        b.open((from, datagram) -> {
            inbox.receive(from, datagram);
            throw new Boom();
        });
        List<String> texts = List.of("one", "two", "three");
        texts.forEach(text -> a.send(b.localAddress(), datagram(text)));
        assertThat(List.of(takeText(inbox), takeText(inbox), takeText(inbox))).isEqualTo(texts);
    }
}
