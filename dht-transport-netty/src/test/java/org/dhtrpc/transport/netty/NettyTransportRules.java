package org.dhtrpc.transport.netty;

import static java.net.StandardSocketOptions.SO_RCVBUF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.contract.TransportContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract for one kind of I/O, on a shared group of two loops. */
@ExtendWith(Leaks.class)
abstract class NettyTransportRules extends TransportContract {
    final NettyLoops loops;

    NettyTransportRules(NettyIo io) {
        assumeTrue(io.available(), () -> io + " is not available here: " + io.unavailabilityCause());
        loops = NettyLoops.start(io, 2);
    }

    @AfterEach
    void end() {
        loops.close();
    }

    @Override
    protected Transport bind(InetAddress host) {
        return NettyTransport.bind(loops, host.getHostAddress(), 0);
    }

    @Test
    void a_datagram_that_is_cut_is_not_delivered() throws Exception {
        NettyTransport transport = NettyTransport.bind(loops, "127.0.0.1", 0);
        BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
        transport.open((from, datagram) -> sizes.add(datagram.remaining()));
        try (DatagramSocket stranger = new DatagramSocket()) {
            for (int size : new int[] {2_048, 2_049, 4_096, 65_507, Sockets.RECEIVED_MAX}) {
                stranger.send(new DatagramPacket(
                        new byte[size], size, transport.localAddress().toSocketAddress()));
            }
        }
        assertThat(sizes.poll(20, TimeUnit.SECONDS)).isEqualTo(2_047);
    }

    @Test
    void what_is_lost_at_once_is_counted_on_the_loop_and_off_it() {
        NettyTransport transport = NettyTransport.bind(loops, "127.0.0.1", 0);
        List<String> unreachable = List.of("[::1]:9", "[2001:db8::1]:9", "127.0.0.1:0", "0.0.0.0:9", "[::]:9");
        Runnable send =
                () -> unreachable.forEach(to -> transport.send(Endpoint.parse(to), ByteBuffer.wrap(new byte[] {1})));
        send.run();
        assertThat(transport.dropped()).isEqualTo(unreachable.size());
        transport.loop().execute(send);
        await(() -> transport.dropped() == 2L * unreachable.size());
        assertThat(transport.dropped()).isEqualTo(2L * unreachable.size());
    }

    @Test
    void what_the_system_refuses_is_counted() {
        // The network is unreachable from there.
        NettyTransport transport = NettyTransport.bind(loops, "127.0.0.1", 0);
        transport.send(Endpoint.parse("192.0.2.1:9"), ByteBuffer.wrap(new byte[] {1}));
        await(() -> transport.dropped() == 1);
        assertThat(transport.dropped()).isEqualTo(1);
    }

    @Test
    void another_thread_sends_though_the_loop_is_held_up() {
        NettyTransport from = NettyTransport.bind(loops, "127.0.0.1", 0);
        NettyTransport to = NettyTransport.bind(loops, "127.0.0.1", 0);
        AtomicInteger received = new AtomicInteger();
        to.open((sender, datagram) -> received.incrementAndGet());
        AtomicBoolean released = new AtomicBoolean();
        from.loop().execute(() -> {
            while (!released.get()) {
                Thread.onSpinWait();
            }
        });
        try {
            from.send(to.localAddress(), ByteBuffer.wrap(new byte[] {1}));
            await(() -> received.get() == 1);
        } finally {
            released.set(true);
        }
        assertThat(received).hasValue(1);
    }

    @Test
    void two_thousand_datagrams_of_one_task_all_arrive() throws IOException {
        assumeThat(receiveBuffer()).as("what the system gives").isGreaterThanOrEqualTo(4 << 20);
        NettyTransport from = NettyTransport.bind(loops, "127.0.0.1", 0);
        NettyTransport to = NettyTransport.bind(loops, "127.0.0.1", 0);
        AtomicInteger received = new AtomicInteger();
        to.open((sender, datagram) -> received.incrementAndGet());
        from.loop().execute(() -> {
            for (int i = 0; i < 2_000; i++) {
                from.send(to.localAddress(), ByteBuffer.allocate(200));
            }
        });
        await(() -> received.get() == 2_000);
        assertThat(from.dropped()).isZero();
        assertThat(received).hasValue(2_000);
    }

    private static int receiveBuffer() throws IOException {
        try (DatagramChannel socket = DatagramChannel.open()) {
            return socket.setOption(SO_RCVBUF, 4 << 20).getOption(SO_RCVBUF);
        }
    }

    @Test
    void T11_what_was_sent_before_close_goes_out_first() {
        NettyTransport to = NettyTransport.bind(loops, "127.0.0.1", 0);
        AtomicInteger received = new AtomicInteger();
        to.open((sender, datagram) -> received.incrementAndGet());
        for (int i = 0; i < 50; i++) {
            try (NettyTransport from = NettyTransport.bind(loops, "127.0.0.1", 0)) {
                from.send(to.localAddress(), ByteBuffer.wrap(new byte[] {1}));
            }
        }
        await(() -> received.get() == 50);
        assertThat(received).hasValue(50);
    }
}
