package org.dhtrpc.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.transport.nio.Inbox.datagram;
import static org.dhtrpc.transport.nio.Patience.DEADLINE_SECONDS;
import static org.dhtrpc.transport.nio.Patience.await;
import static org.dhtrpc.transport.nio.Patience.ended;
import static org.dhtrpc.transport.nio.Patience.on;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a transport, in as far as its selector and its loop have a part in it. */
@Timeout(120)
class NioTransportClosingTest {
    private final NioLoop loop = NioLoop.start("shared");
    private final Inbox inbox = new Inbox();
    private final Transport a = bind("127.0.0.1");
    private final Transport b = bind("127.0.0.1");

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void T11_close_waits_on_another_thread_for_the_receive_that_is_running() throws Exception {
        CountDownLatch receiving = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        a.open((from, datagram) -> {
            receiving.countDown();
            try {
                await(closing);
            } catch (InterruptedException e) {
                return;
            }
            IntStream.range(0, 10_000).forEach(i -> Thread.onSpinWait());
            ended.set(true);
        });
        b.send(a.localAddress(), datagram("long"));
        await(receiving);
        closing.countDown();
        a.close();
        assertThat(ended).isTrue();
    }

    @Test
    void T12_the_port_is_free_when_close_returns() {
        int port = a.localAddress().port();
        a.close();
        for (int i = 0; i < 200; i++) {
            Transport again =
                    i % 4 == 0 ? NioTransport.bind("127.0.0.1", port) : NioTransport.bind(loop, "127.0.0.1", port);
            if (i % 2 == 0) {
                again.open(inbox);
            }
            again.close();
        }
    }

    @Test
    void T12_the_port_is_free_when_close_returns_on_the_loop() throws Exception {
        int port = a.localAddress().port();
        a.open((from, datagram) -> {
            a.close();
            NioTransport.bind(loop, "127.0.0.1", port).open(inbox);
            b.send(from, datagram("rebound"));
        });
        Transport sender = bind("127.0.0.1");
        Inbox answers = new Inbox();
        sender.open(answers);
        sender.send(a.localAddress(), datagram("close"));
        assertThat(answers.takeUntil("rebound")).isEmpty();
        sender.send(a.localAddress(), datagram("to the new one"));
        assertThat(inbox.takeUntil("to the new one")).isEmpty();
    }

    @Test
    void T16_siblings_of_a_transport_with_its_own_loop_are_closed_with_it() throws Exception {
        Transport own = NioTransport.bind("127.0.0.1", 0);
        Transport sibling = sibling(own);
        sibling.open(inbox);
        Thread thread = on(own.loop(), Thread::currentThread);
        sibling.close();
        assertThat(on(own.loop(), Thread::currentThread)).isSameAs(thread);
        Transport second = sibling(own);
        second.open(inbox);
        own.close();
        ended(thread);
        NioTransport.bind("127.0.0.1", second.localAddress().port()).close();
        assertThatThrownBy(() -> second.open(inbox)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void T17_siblings_are_told_when_the_loop_that_they_share_ends_with_its_transport() throws Exception {
        Transport own = NioTransport.bind("127.0.0.1", 0);
        own.open((from, datagram) -> {});
        sibling(own).open(inbox);
        own.close();
        assertThat(inbox.ends).containsExactly(Thread.currentThread());
    }

    @Test
    void T17_a_receiver_whose_open_failed_is_told_nothing() throws Exception {
        DatagramChannel channel =
                DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Transport broken = NioTransport.over(loop, channel);
        channel.close();
        assertThatThrownBy(() -> broken.open(inbox))
                .hasMessage("The channel on %s was closed by somebody else", broken.localAddress());
        broken.close();
        a.close();
        assertThatThrownBy(() -> a.open(inbox)).isInstanceOf(IllegalStateException.class);
        assertThat(inbox.ends).isEmpty();
    }

    @Test
    void T17_what_a_receiver_throws_when_it_is_told_is_no_concern_of_whoever_closes() {
        Transport.Receiver failing = new Transport.Receiver() {
            @Override
            public void receive(Endpoint from, ByteBuffer datagram) {}

            @Override
            public void closed() {
                throw new Boom();
            }
        };
        a.open(failing);
        b.open(failing);
        bind("127.0.0.1").open(inbox);
        Thread.currentThread().interrupt();
        try {
            a.close();
            loop.close();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(inbox.ends).hasSize(1);
    }

    private static Transport sibling(Transport transport) throws Exception {
        return transport.sibling().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private Transport bind(String host) {
        return NioTransport.bind(loop, host, 0);
    }
}
