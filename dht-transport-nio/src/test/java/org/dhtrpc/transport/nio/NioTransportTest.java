package org.dhtrpc.transport.nio;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.transport.nio.Inbox.DEADLINE_SECONDS;
import static org.dhtrpc.transport.nio.Inbox.datagram;
import static org.dhtrpc.transport.nio.Inbox.on;
import static org.dhtrpc.transport.nio.Inbox.settle;
import static org.dhtrpc.transport.nio.NioLoopTest.await;
import static org.dhtrpc.transport.nio.NioLoopTest.ended;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NioTransportTest {
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
    void T1_it_is_bound_when_it_exists() {
        assertThat(a.localAddress().toString()).startsWith("127.0.0.1:");
        assertThat(a.localAddress().port())
                .isPositive()
                .isNotEqualTo(b.localAddress().port());
        assertThatThrownBy(() -> new DatagramSocket(a.localAddress().toSocketAddress()))
                .isInstanceOf(BindException.class);
    }

    @Test
    void T1_it_sends_before_it_is_opened() throws Exception {
        b.open(inbox);
        a.send(b.localAddress(), datagram("early"));
        assertThat(inbox.take().from()).isEqualTo(a.localAddress());
    }

    @Test
    void T2_it_is_opened_once() {
        a.open(inbox);
        assertThatThrownBy(() -> a.open(inbox))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The transport on %s is open already", a.localAddress());
    }

    @Test
    void T2_it_is_not_opened_after_close() {
        a.close();
        assertThatThrownBy(() -> a.open(inbox))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The transport on %s is closed", a.localAddress());
    }

    @Test
    void T3_each_send_is_one_receive_of_the_same_bytes() throws Exception {
        b.open(inbox);
        for (int size : new int[] {1_472, 1, 0, 512, 1_200, 0, 1_471}) {
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (i * 31 + size);
            }
            a.send(b.localAddress(), ByteBuffer.wrap(bytes));
            assertThat(inbox.takeBytes()).isEqualTo(bytes);
        }
        a.send(b.localAddress(), datagram("last"));
        assertThat(inbox.takeUntil("last")).isEmpty();
        assertThat(inbox.isEmpty()).isTrue();
    }

    @Test
    void T4_what_remains_in_the_buffer_is_sent_whatever_its_kind() throws Exception {
        b.open(inbox);
        byte[] bytes = "<remaining>".getBytes(US_ASCII);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        for (ByteBuffer buffer : List.of(
                ByteBuffer.wrap(bytes),
                direct,
                ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))) {
            buffer.limit(bytes.length - 1).position(1);
            a.send(b.localAddress(), buffer);
            assertThat(buffer.position()).isEqualTo(buffer.limit()).isEqualTo(bytes.length - 1);
            assertThat(inbox.take().text()).isEqualTo("remaining");
        }
    }

    @Test
    void T4_the_buffer_is_the_callers_again_when_send_returns() throws Exception {
        b.open(inbox);
        byte[] bytes = {1};
        for (byte i = 1; i <= 100; i++) {
            bytes[0] = i;
            a.send(b.localAddress(), ByteBuffer.wrap(bytes));
        }
        for (byte i = 1; i <= 100; i++) {
            assertThat(inbox.takeBytes()).containsExactly(i);
        }
    }

    @Test
    void T4_a_buffer_that_could_not_be_sent_is_used_up_all_the_same() {
        for (Endpoint nowhere : List.of(
                Endpoint.parse("[2001:db8::1]:1"), Endpoint.parse("127.0.0.1:0"), Endpoint.parse("0.0.0.0:1"))) {
            ByteBuffer buffer = datagram("lost");
            a.send(nowhere, buffer);
            assertThat(buffer.hasRemaining()).isFalse();
        }
        a.close();
        ByteBuffer buffer = datagram("lost");
        a.send(b.localAddress(), buffer);
        assertThat(buffer.hasRemaining()).isFalse();
    }

    @Test
    void T4_what_a_receiver_does_to_the_buffer_does_not_reach_the_next_one() throws Exception {
        List<ByteOrder> orders = new ArrayList<>();
        b.open((from, datagram) -> {
            orders.add(datagram.order());
            inbox.receive(from, datagram);
            datagram.order(ByteOrder.LITTLE_ENDIAN).clear().limit(3).position(2).mark();
            datagram.put((byte) 'X');
        });
        a.send(b.localAddress(), datagram("first"));
        a.send(b.localAddress(), datagram("second"));
        a.send(b.localAddress(), datagram("last"));
        assertThat(inbox.takeUntil("last")).containsExactly("first", "second");
        assertThat(orders).containsOnly(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void T5_receives_are_serial_and_on_the_loop() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger faults = new AtomicInteger();
        CountDownLatch received = new CountDownLatch(100);
        Transport.Receiver receiver = (from, datagram) -> {
            if (inside.incrementAndGet() != 1 || !a.loop().inLoop()) {
                faults.incrementAndGet();
            }
            Thread.onSpinWait();
            inside.decrementAndGet();
            received.countDown();
        };
        a.open(receiver);
        b.open(receiver);
        fromThreads(2, n -> (n % 2 == 0 ? a : b).send((n % 2 == 0 ? b : a).localAddress(), ByteBuffer.allocate(9)), 50);
        await(received);
        assertThat(faults).hasValue(0);
        assertThat(a.loop()).isSameAs(loop).isSameAs(b.loop());
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

    @Test
    void T9_a_receiver_sends_what_it_was_lent() throws Exception {
        b.open((from, datagram) -> b.send(from, datagram));
        a.open(inbox);
        a.send(b.localAddress(), datagram("echo"));
        Inbox.Mail echo = inbox.take();
        assertThat(echo.text()).isEqualTo("echo");
        assertThat(echo.from()).isEqualTo(b.localAddress());
    }

    @Test
    void T10_any_thread_sends() throws Exception {
        b.open(inbox);
        fromThreads(4, n -> a.send(b.localAddress(), ByteBuffer.wrap(new byte[] {(byte) n})), 25);
        int[] counts = new int[4];
        for (int i = 0; i < 100; i++) {
            counts[inbox.takeBytes()[0]]++;
        }
        assertThat(counts).containsOnly(25);
    }

    @Test
    void T11_nothing_is_received_after_close() throws Exception {
        AtomicInteger received = new AtomicInteger();
        a.open((from, datagram) -> received.incrementAndGet());
        b.open(inbox);
        DatagramSocket stranger = new DatagramSocket();
        on(loop, () -> {
            // Both wait in the kernel when a is closed, so whatever still came to a would come before the marker is
            // out.
            send(stranger, a.localAddress(), "too late");
            send(stranger, b.localAddress(), "marker");
            a.close();
            return true;
        });
        inbox.take();
        settle(loop);
        assertThat(received).hasValue(0);
        stranger.close();
    }

    @Test
    void T11_no_receive_begins_once_close_has_returned_on_another_thread() throws Exception {
        for (int round = 0; round < 100; round++) {
            Transport flooded = bind("127.0.0.1");
            AtomicBoolean closed = new AtomicBoolean();
            AtomicInteger late = new AtomicInteger();
            CountDownLatch flowing = new CountDownLatch(10);
            flooded.open((from, datagram) -> {
                if (closed.get()) {
                    late.incrementAndGet();
                }
                flooded.send(flooded.localAddress(), datagram.duplicate());
                flooded.send(flooded.localAddress(), datagram);
                flowing.countDown();
            });
            flooded.send(flooded.localAddress(), datagram("flood"));
            await(flowing);
            flooded.close();
            closed.set(true);
            settle(loop);
            assertThat(late).hasValue(0);
        }
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
    void T11_a_receiver_may_close_its_transport_and_gets_nothing_more() throws Exception {
        AtomicInteger received = new AtomicInteger();
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        Transport own = NioTransport.bind("127.0.0.1", 0);
        own.open((from, datagram) -> {
            received.incrementAndGet();
            own.close();
            closed.complete(true);
        });
        Thread thread = on(own.loop(), () -> {
            // They arrive together: the receiver is busy with the first when the others are there.
            for (int i = 0; i < 5; i++) {
                a.send(own.localAddress(), datagram("burst"));
            }
            return Thread.currentThread();
        });
        closed.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        ended(thread);
        assertThat(received).hasValue(1);
    }

    @Test
    void T11_after_close_send_drops_and_close_does_nothing() throws Exception {
        b.open(inbox);
        a.close();
        a.close();
        a.send(b.localAddress(), datagram("from the grave"));
        bind("127.0.0.1").send(b.localAddress(), datagram("marker"));
        assertThat(inbox.takeUntil("marker")).isEmpty();
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
    void T12_the_port_is_free_even_while_the_loop_is_busy() throws Exception {
        a.open(inbox);
        settle(loop);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        loop.execute(() -> {
            busy.countDown();
            try {
                await(release);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await(busy);
        a.close();
        NioTransport.bind("127.0.0.1", a.localAddress().port()).close();
        release.countDown();
    }

    @Test
    void T13_one_can_send_to_the_address_that_is_reported() throws Exception {
        try (DatagramSocket stranger = new DatagramSocket(LOOPBACK)) {
            a.open((from, datagram) -> a.send(from, datagram("to " + from)));
            send(stranger, a.localAddress(), "who am I?");
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            stranger.setSoTimeout(DEADLINE_SECONDS * 1_000);
            stranger.receive(answer);
            assertThat(new String(answer.getData(), 0, answer.getLength(), US_ASCII))
                    .isEqualTo("to 127.0.0.1:" + stranger.getLocalPort());
        }
    }

    @Test
    void T14_stochastic_loopback_loses_less_than_one_in_a_hundred() throws Exception {
        b.open(inbox);
        int received = 0;
        for (int batch = 0; batch < 100; batch++) {
            for (int i = 0; i < 50; i++) {
                a.send(b.localAddress(), datagram("payload"));
            }
            a.send(b.localAddress(), datagram("end " + batch));
            received += inbox.takeUntil("end " + batch).size();
        }
        assertThat(received).isGreaterThan(4_950);
    }

    @Test
    void T15_optional_IPv6_works_like_IPv4() throws Exception {
        Transport one = ipv6("::1");
        Transport two = ipv6("::1");
        one.open(inbox);
        two.send(one.localAddress(), datagram("six"));
        Inbox.Mail mail = inbox.take();
        assertThat(mail.from()).isEqualTo(two.localAddress());
        assertThat(mail.from().toString()).startsWith("[0:0:0:0:0:0:0:1]:");
        assertThatCode(() -> one.send(a.localAddress(), datagram("lost"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> NioTransport.bind("::1", one.localAddress().port()))
                .hasMessageStartingWith(
                        "Cannot bind [::1]:" + one.localAddress().port() + ": Address already in use");
    }

    @Test
    void T15_optional_the_wildcard_of_IPv6_reaches_both_families_and_names_IPv4_as_such() throws Exception {
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
    }

    @Test
    void T16_a_sibling_is_another_socket_on_the_same_host_and_loop() throws Exception {
        Transport sibling = sibling(a);
        assertThat(sibling.loop()).isSameAs(a.loop());
        assertThat(sibling.localAddress().address()).isEqualTo(a.localAddress().address());
        assertThat(sibling.localAddress()).isNotEqualTo(a.localAddress());
        sibling.open(inbox);
        a.close();
        b.send(sibling.localAddress(), datagram("still there"));
        assertThat(inbox.takeUntil("still there")).isEmpty();
        sibling.close();
        NioTransport.bind("127.0.0.1", sibling.localAddress().port()).close();
    }

    @Test
    void T16_a_closed_transport_has_no_siblings() {
        a.close();
        assertThat(a.sibling().toCompletableFuture()).isCompletedExceptionally();
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

    private static Transport sibling(Transport transport) throws Exception {
        return transport.sibling().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private Transport bind(String host) {
        return NioTransport.bind(loop, host, 0);
    }

    private Transport ipv6(String host) {
        try {
            return bind(host);
        } catch (UncheckedIOException e) {
            return abort("no IPv6 here: " + e.getMessage());
        }
    }

    private static void send(DatagramSocket from, Endpoint to, String text) {
        try {
            byte[] bytes = text.getBytes(US_ASCII);
            from.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByAddress(to.address()), to.port()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs this so often on each of so many threads, with the number of the thread. */
    private static void fromThreads(int threads, IntConsumer action, int times) throws Exception {
        List<CompletableFuture<Void>> all = IntStream.range(0, threads)
                .mapToObj(n -> CompletableFuture.runAsync(
                        () -> IntStream.range(0, times).forEach(i -> action.accept(n)),
                        task -> new Thread(task).start()))
                .toList();
        for (CompletableFuture<Void> each : all) {
            each.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
