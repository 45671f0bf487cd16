package org.dhtrpc.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.transport.nio.Inbox.datagram;
import static org.dhtrpc.transport.nio.Patience.on;

import java.nio.ByteBuffer;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong stays where it happened: a datagram that cannot go, one that is too large, a receiver that throws. */
@Timeout(120)
class NioTransportFaultsTest {
    private final NioLoop loop = NioLoop.start("shared");
    private final Inbox inbox = new Inbox();
    private final Transport a = bind("127.0.0.1");
    private final Transport b = bind("127.0.0.1");

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void T6_sending_to_a_port_that_nobody_listens_on_does_not_throw_and_harms_nobody() throws Exception {
        b.close();
        Transport c = bind("127.0.0.1");
        c.open(inbox);
        a.open(inbox);
        for (int i = 0; i < 20; i++) {
            a.send(b.localAddress(), datagram("to nobody"));
            c.send(b.localAddress(), datagram("to nobody"));
        }
        a.send(c.localAddress(), datagram("there"));
        assertThat(inbox.takeUntil("there")).isEmpty();
        c.send(a.localAddress(), datagram("back"));
        assertThat(inbox.takeUntil("back")).isEmpty();
    }

    @Test
    void T6_an_address_that_the_socket_cannot_reach_is_a_datagram_lost_and_counted() throws Exception {
        NioTransport transport = NioTransport.bind(loop, "127.0.0.1", 0);
        List<Endpoint> unreachable = List.of(
                Endpoint.parse("[::1]:9"),
                Endpoint.parse("[2001:db8::1]:9"),
                Endpoint.parse("127.0.0.1:0"),
                Endpoint.parse("0.0.0.0:9"),
                Endpoint.parse("[::]:9"));
        for (Endpoint to : unreachable) {
            assertThatCode(() -> transport.send(to, datagram("lost"))).doesNotThrowAnyException();
        }
        assertThat(transport.dropped()).isEqualTo(unreachable.size());
        transport.send(b.localAddress(), datagram("found"));
        b.open(inbox);
        assertThat(inbox.takeUntil("found")).isEmpty();
        assertThat(transport.dropped()).isEqualTo(unreachable.size());
    }

    @Test
    void T6_sending_does_not_wait_for_a_receiver_that_does_not_read() {
        // Far more than the socket of b can hold: a send that blocked would never return.
        for (int i = 0; i < 20_000; i++) {
            a.send(b.localAddress(), ByteBuffer.allocate(1_400));
        }
    }

    @Test
    void T6_a_thread_that_was_interrupted_sends_and_closes_like_any_other() throws Exception {
        b.open(inbox);
        Transport c = bind("127.0.0.1");
        Thread.currentThread().interrupt();
        try {
            a.send(b.localAddress(), datagram("one"));
            c.close();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        a.send(b.localAddress(), datagram("two"));
        assertThat(inbox.takeUntil("two")).containsExactly("one");
    }

    @Test
    void T7_a_datagram_that_is_too_large_throws_at_the_call_and_names_both_sizes() throws Exception {
        b.open(inbox);
        ByteBuffer large = ByteBuffer.allocate(a.maxPayload() + 1);
        assertThatThrownBy(() -> a.send(b.localAddress(), large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A datagram of 1473 bytes is longer than the limit, 1472");
        assertThat(large.remaining()).isEqualTo(1_473);
        a.send(b.localAddress(), datagram("next"));
        assertThat(inbox.takeUntil("next")).isEmpty();
    }

    @Test
    void T8_a_receiver_that_throws_gets_the_next_datagram() throws Exception {
        b.open((from, datagram) -> {
            inbox.receive(from, datagram);
            throw new Boom();
        });
        a.send(b.localAddress(), datagram("one"));
        a.send(b.localAddress(), datagram("two"));
        a.send(b.localAddress(), datagram("three"));
        assertThat(inbox.takeUntil("three")).containsExactly("one", "two");
        assertThat(on(loop, loop::inLoop)).isTrue();
    }

    private Transport bind(String host) {
        return NioTransport.bind(loop, host, 0);
    }
}
