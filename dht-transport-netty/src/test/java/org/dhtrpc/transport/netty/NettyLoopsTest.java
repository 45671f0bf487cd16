package org.dhtrpc.transport.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a group of loops does for its transports. */
@Timeout(120)
class NettyLoopsTest {
    private static final int DEADLINE_SECONDS = 20;

    private final NettyLoops loops = NettyLoops.start(3);

    @AfterEach
    void end() {
        loops.close();
    }

    @Test
    void each_transport_stays_on_one_loop_and_the_loops_take_turns() {
        List<NettyTransport> six = Stream.generate(this::bind).limit(6).toList();
        Set<EventLoop> seen = six.stream().map(NettyTransport::loop).collect(Collectors.toSet());
        assertThat(seen).hasSize(3);
        assertThat(six.get(4).loop())
                .isSameAs(six.get(1).loop())
                .isNotSameAs(six.get(2).loop());
    }

    @Test
    void who_binds_on_a_loop_stays_on_it_and_can_use_the_socket_at_once() {
        EventLoop loop = bind().loop();
        Received received = new Received();
        assertThat(on(loop, () -> {
                    NettyTransport here = bind();
                    here.open(received);
                    here.send(here.localAddress(), datagram("at once"));
                    return here.loop();
                }))
                .isSameAs(loop);
        assertThat(received.take()).isEqualTo("at once");
        assertThat(received.threads).containsExactly(on(loop, Thread::currentThread));
    }

    @Test
    void a_thread_is_a_daemon_and_there_is_one_for_each_loop() {
        Set<Thread> threads = Stream.generate(this::bind)
                .limit(6)
                .map(transport -> on(transport.loop(), Thread::currentThread))
                .collect(Collectors.toSet());
        assertThat(threads)
                .hasSize(3)
                .allMatch(Thread::isDaemon)
                .extracting(Thread::getName)
                .allMatch(name -> name.startsWith("dht-netty"));
    }

    @Test
    void T17_closing_the_group_tells_all_receivers_on_the_thread_that_closes() {
        List<Received> all = Stream.generate(this::opened).limit(4).toList();
        loops.close();
        loops.close();
        assertThat(all).allSatisfy(each -> assertThat(each.ends).containsExactly(Thread.currentThread()));
        assertThatThrownBy(this::bind).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
    }

    @Test
    void two_loops_that_close_the_group_at_a_time_do_not_wait_for_each_other() throws Exception {
        List<Received> all =
                Stream.generate(() -> opened(loops::close)).limit(2).toList();
        // Each receives in the end, and closes the group then.
        NettyTransport sender = bind();
        all.forEach(each -> sender.send(each.address, datagram("close")));
        for (Received each : all) {
            assertThat(each.ends.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void T17_a_loop_that_dies_of_an_error_closes_its_transports_and_tells_their_receivers() throws Exception {
        DyingSockets sockets = new DyingSockets();
        NettyLoop dying = NettyLoop.start("dying", sockets);
        NettyTransport transport = NettyTransport.bind(dying, null, "127.0.0.1", 0);
        Received received = new Received();
        transport.open(received);
        Thread thread = on(dying, Thread::currentThread);
        sockets.dead = true;
        dying.execute(() -> {});
        assertThat(received.ends.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isSameAs(thread);
        thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
        assertThat(thread.isAlive()).isFalse();
        NettyTransport.bind(loops, "127.0.0.1", transport.localAddress().port()).close();
        assertThatThrownBy(() -> NettyTransport.bind(dying, null, "127.0.0.1", 0))
                .hasMessage("The loop 'dying' is closed");
        transport.close();
    }

    @Test
    void a_group_has_a_loop_or_more() {
        assertThatThrownBy(() -> NettyLoops.start(0)).hasMessage("A group has 1 loop or more, not 0");
    }

    @Test
    void a_group_that_cannot_start_all_its_loops_leaves_none_behind() throws Exception {
        List<Thread> begun = new ArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> NettyLoops.start(NettyIo.NIO, 3, "partial", () -> {
                    if (asked.incrementAndGet() == 3) {
                        Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().startsWith("partial"))
                                .forEach(begun::add);
                        throw new IllegalStateException("thrown on purpose by a test");
                    }
                    return new NioSockets();
                }))
                .hasMessage("thrown on purpose by a test");
        assertThat(begun).hasSize(2);
        for (Thread thread : begun) {
            thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private NettyTransport bind() {
        return NettyTransport.bind(loops, "127.0.0.1", 0);
    }

    private Received opened() {
        return opened(() -> {});
    }

    private Received opened(Runnable then) {
        NettyTransport transport = bind();
        Received received = new Received() {
            @Override
            public void receive(Endpoint from, ByteBuffer datagram) {
                super.receive(from, datagram);
                then.run();
            }
        };
        received.address = transport.localAddress();
        transport.open(received);
        return received;
    }

    private static ByteBuffer datagram(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    private static <T> T on(EventLoop loop, Supplier<T> supplier) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                answer.complete(supplier.get());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
    }

    private static class Received implements Transport.Receiver {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        final BlockingQueue<Thread> ends = new LinkedBlockingQueue<>();
        Endpoint address = Endpoint.parse("0.0.0.0:0");

        @Override
        public void receive(Endpoint from, ByteBuffer datagram) {
            threads.add(Thread.currentThread());
            texts.add(US_ASCII.decode(datagram).toString());
        }

        @Override
        public void closed() {
            ends.add(Thread.currentThread());
        }

        String take() {
            try {
                String text = texts.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
                assertThat(text).as("a datagram that should have come").isNotNull();
                return text;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
