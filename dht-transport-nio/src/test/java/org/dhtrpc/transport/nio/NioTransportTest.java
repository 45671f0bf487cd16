package org.dhtrpc.transport.nio;

import static java.net.StandardSocketOptions.SO_RCVBUF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.dhtrpc.transport.nio.Inbox.datagram;
import static org.dhtrpc.transport.nio.Inbox.send;
import static org.dhtrpc.transport.nio.Patience.DEADLINE_SECONDS;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.contract.TransportContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract, on a shared loop, and what more this transport promises. How it comes to be and ends is tested beside this. */
@Timeout(120)
class NioTransportTest extends TransportContract {
    private final NioLoop loop = NioLoop.start("shared");
    private final Inbox inbox = new Inbox();
    private final NioTransport a = bind("127.0.0.1");
    private final NioTransport b = bind("127.0.0.1");

    @AfterEach
    void end() {
        loop.close();
    }

    @Override
    protected Transport bind(InetAddress host) {
        return bind(host.getHostAddress());
    }

    @Test
    void its_address_is_the_one_that_it_was_bound_to() {
        assertThat(a.localAddress().toString()).startsWith("127.0.0.1:");
        assertThat(a.loop()).isSameAs(loop).isSameAs(b.loop());
    }

    @Test
    void what_is_refused_names_the_address_or_the_sizes() {
        a.open(inbox);
        assertThatThrownBy(() -> a.open(inbox)).hasMessage("The transport on %s is open already", a.localAddress());
        a.close();
        assertThatThrownBy(() -> a.open(inbox)).hasMessage("The transport on %s is closed", a.localAddress());
        assertThatThrownBy(() -> b.send(a.localAddress(), ByteBuffer.allocate(1_473)))
                .hasMessage("A datagram of 1473 bytes is longer than the limit, 1472");
    }

    @Test
    void what_is_lost_at_once_is_counted() throws Exception {
        String[] unreachable = {"[::1]:9", "[2001:db8::1]:9", "127.0.0.1:0", "0.0.0.0:9", "[::]:9"};
        for (String to : unreachable) {
            a.send(Endpoint.parse(to), datagram("lost"));
        }
        assertThat(a.dropped()).isEqualTo(unreachable.length);
        b.open(inbox);
        a.send(b.localAddress(), datagram("found"));
        assertThat(inbox.takeUntil("found")).isEmpty();
        assertThat(a.dropped()).isEqualTo(unreachable.length);
    }

    @Test
    void the_wildcard_of_IPv6_reaches_both_families() throws Exception {
        Transport dual = ipv6("::");
        Transport six = ipv6("::1");
        dual.open((from, datagram) -> dual.send(from, datagram));
        int port = dual.localAddress().port();
        a.open(inbox);
        six.open(inbox);
        a.send(Endpoint.parse("127.0.0.1:" + port), datagram("four"));
        assertThat(inbox.take().from()).isEqualTo(Endpoint.parse("127.0.0.1:" + port));
        six.send(Endpoint.parse("[::1]:" + port), datagram("six"));
        assertThat(inbox.take().from()).isEqualTo(Endpoint.parse("[::1]:" + port));
        assertThatThrownBy(() -> NioTransport.bind("::1", six.localAddress().port()))
                .hasMessageStartingWith(
                        "Cannot bind [::1]:" + six.localAddress().port() + ": Address already in use");
    }

    @Test
    void a_sibling_outlives_the_transport_that_shares_its_loop() throws Exception {
        Transport sibling = a.sibling().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        sibling.open(inbox);
        a.close();
        b.send(sibling.localAddress(), datagram("still there"));
        assertThat(inbox.takeUntil("still there")).isEmpty();
        sibling.close();
    }

    @Test
    void a_datagram_of_the_largest_size_that_UDP_knows_is_received_whole() throws Exception {
        a.open(inbox);
        try (DatagramSocket stranger = new DatagramSocket()) {
            byte[] huge = new byte[65_507];
            huge[65_506] = 7;
            stranger.send(new DatagramPacket(huge, huge.length, a.localAddress().toSocketAddress()));
            assertThat(inbox.takeBytes()).isEqualTo(huge);
            send(stranger, a.localAddress(), "after");
            assertThat(inbox.takeUntil("after")).isEmpty();
        }
    }

    @Test
    void a_burst_waits_in_the_socket_while_the_loop_is_busy() throws Exception {
        assumeThat(receiveBuffer()).as("what the system gives").isGreaterThanOrEqualTo(4 << 20);
        CompletableFuture<Void> sent = new CompletableFuture<>();
        loop.execute(sent::join);
        b.open(inbox);
        for (int i = 0; i < 2_000; i++) {
            a.send(b.localAddress(), ByteBuffer.allocate(1_200));
        }
        a.send(b.localAddress(), datagram("end"));
        sent.complete(null);
        assertThat(inbox.takeUntil("end")).hasSize(2_000);
        assertThat(a.dropped()).isZero();
    }

    private static int receiveBuffer() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            return channel.setOption(SO_RCVBUF, 4 << 20).getOption(SO_RCVBUF);
        }
    }

    private NioTransport bind(String host) {
        return NioTransport.bind(loop, host, 0);
    }

    private Transport ipv6(String host) {
        try {
            return bind(host);
        } catch (UncheckedIOException e) {
            return abort("no IPv6 here: " + e.getMessage());
        }
    }
}
