package org.dhtrpc.transport.nio;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.transport.nio.Inbox.datagram;
import static org.dhtrpc.transport.nio.Inbox.send;
import static org.dhtrpc.transport.nio.Patience.DEADLINE_SECONDS;
import static org.dhtrpc.transport.nio.Patience.await;
import static org.junit.jupiter.api.Assumptions.abort;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a transport does with datagrams. How it comes to be, fails and ends is tested beside this. */
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
