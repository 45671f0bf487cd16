package org.dhtrpc.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.transport.nio.Inbox.datagram;
import static org.dhtrpc.transport.nio.Patience.DEADLINE_SECONDS;
import static org.dhtrpc.transport.nio.Patience.ended;
import static org.dhtrpc.transport.nio.Patience.on;
import static org.dhtrpc.transport.nio.Patience.settle;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a transport comes by its socket and its loop. */
@Timeout(120)
class NioTransportBindingTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final NioLoop loop = NioLoop.start("shared");
    private final Inbox inbox = new Inbox();
    private final Transport a = bind("127.0.0.1");
    private final Transport b = bind("127.0.0.1");

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void its_socket_holds_a_burst_of_a_thousand_small_datagrams_where_the_system_allows_it() throws Exception {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
            if (probe.getOption(StandardSocketOptions.SO_RCVBUF) < 1 << 20) {
                abort("the system's limit is below 1 MiB");
            }
        }
        for (int i = 0; i < 1_000; i++) {
            a.send(b.localAddress(), ByteBuffer.allocate(100));
        }
        b.open(inbox);
        for (int i = 0; i < 1_000; i++) {
            inbox.take();
        }
    }

    @Test
    void a_transport_with_its_own_loop_ends_its_thread_when_it_is_closed() throws Exception {
        Transport own = NioTransport.bind("127.0.0.1", 0);
        Thread thread = on(own.loop(), Thread::currentThread);
        assertThat(thread.getName()).isEqualTo("dht-nio " + own.localAddress());
        assertThat(thread.isDaemon()).isTrue();
        own.close();
        ended(thread);
    }

    @Test
    void a_transport_on_a_shared_loop_leaves_the_loop_alone() throws Exception {
        a.close();
        assertThat(on(loop, loop::inLoop)).isTrue();
    }

    @Test
    void a_port_in_use_is_named() {
        int port = a.localAddress().port();
        assertThatThrownBy(() -> NioTransport.bind("127.0.0.1", port))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(BindException.class)
                .hasMessageStartingWith("Cannot bind 127.0.0.1:" + port + ": Address already in use");
    }

    @Test
    void an_unknown_host_is_named() {
        assertThatThrownBy(() -> NioTransport.bind("nowhere.invalid", 10_001))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(UnknownHostException.class)
                .hasMessage("Cannot bind nowhere.invalid:10001: unknown host");
    }

    @Test
    void a_port_out_of_range_is_named() {
        assertThatThrownBy(() -> NioTransport.bind("127.0.0.1", 65_536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A port is 0 to 65535, not 65536");
        assertThatThrownBy(() -> NioTransport.bind(loop, "127.0.0.1", -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A port is 0 to 65535, not -1");
    }

    @Test
    void a_channel_that_the_caller_bound_becomes_a_transport() throws Exception {
        DatagramChannel channel = DatagramChannel.open().bind(LOOPBACK);
        int buffer = channel.getOption(StandardSocketOptions.SO_RCVBUF);
        Transport over = NioTransport.over(channel);
        assertThat(over.localAddress()).isEqualTo(Endpoint.of((InetSocketAddress) channel.getLocalAddress()));
        assertThat(channel.isBlocking()).isFalse();
        assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(buffer);
        over.open(inbox);
        a.send(over.localAddress(), datagram("hello"));
        assertThat(inbox.take().from()).isEqualTo(a.localAddress());
        assertThat(sibling(over).localAddress().address())
                .isEqualTo(over.localAddress().address());
        Thread thread = on(over.loop(), Thread::currentThread);
        over.close();
        ended(thread);
        assertThat(channel.isOpen()).isFalse();
        NioTransport.bind("127.0.0.1", over.localAddress().port()).close();
    }

    @Test
    void a_channel_becomes_a_transport_on_a_shared_loop() throws Exception {
        Transport over = NioTransport.over(loop, DatagramChannel.open().bind(LOOPBACK));
        assertThat(over.loop()).isSameAs(loop);
        over.open(inbox);
        a.send(over.localAddress(), datagram("hello"));
        inbox.take();
        over.close();
        assertThat(on(loop, loop::inLoop)).isTrue();
    }

    @Test
    void a_channel_that_is_unfit_is_refused_and_stays_the_callers() throws Exception {
        try (DatagramChannel channel = DatagramChannel.open();
                Selector selector = Selector.open()) {
            refused(channel, "The channel is not bound: bind it before it is handed over");
            channel.bind(LOOPBACK);
            channel.connect(a.localAddress().toSocketAddress());
            refused(channel, "The channel is connected to /" + a.localAddress() + ", and could reach nobody else");
            channel.disconnect();
            assertThat(channel.isBlocking()).isTrue();
            channel.configureBlocking(false).register(selector, 0);
            refused(channel, "The channel is registered with a selector: it has an owner");
            assertThat(channel.isOpen()).isTrue();
        }
        DatagramChannel closed = DatagramChannel.open();
        closed.close();
        refused(closed, "The channel is closed");
    }

    @Test
    void a_channel_that_its_maker_closes_behind_our_back_harms_no_other() throws Exception {
        DatagramChannel channel = DatagramChannel.open().bind(LOOPBACK);
        Transport over = NioTransport.over(loop, channel);
        over.open(inbox);
        settle(loop);
        channel.close();
        over.send(a.localAddress(), datagram("lost"));
        a.open(inbox);
        b.send(a.localAddress(), datagram("found"));
        assertThat(inbox.takeUntil("found")).isEmpty();
        over.close();
    }

    private void refused(DatagramChannel channel, String message) {
        assertThatThrownBy(() -> NioTransport.over(loop, channel))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static Transport sibling(Transport transport) throws Exception {
        return transport.sibling().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private Transport bind(String host) {
        return NioTransport.bind(loop, host, 0);
    }
}
