package org.dhtrpc.testkit.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@code docs/spi/transport.md}, T1 to T17, for one kind of {@link Transport}. Extend it and say how to bind
 * one:
 *
 * <pre>{@code
 * class MyTransportTest extends TransportContract {
 *     @Override
 *     protected Transport bind(InetAddress host) {
 *         return MyTransport.bind(host, 0);
 *     }
 * }
 * }</pre>
 *
 * <p>Its tests send a few datagrams at a time on the loopback, from the thread of the test and from others, and take it
 * that none of those is lost or overtaken. {@link #ipv6} and {@link #siblings} say which of the optional rules are kept;
 * what is not is skipped. A transport of a {@linkplain #simulated simulation} also overrides {@link #await} and
 * {@link #isFree}. That what a receiver throws is logged (T8, T17) no test here can see.
 */
public abstract class TransportContract extends TransportOptionalRules {
    /** Nothing is made before the first test. */
    protected TransportContract() {}

    @Test
    void T1_it_is_bound_when_it_exists() {
        assertThat(a.localAddress().port()).isPositive();
        assertThat(a.localAddress()).isNotEqualTo(b.localAddress());
        assertThat(isFree(a.localAddress()))
                .as("the port is free though it is bound")
                .isFalse();
    }

    @Test
    void T1_it_sends_before_it_is_opened() {
        b.open(inbox);
        a.send(b.localAddress(), datagram("early"));
        assertThat(takeText(inbox)).isEqualTo("early");
    }

    @Test
    void T2_it_is_opened_once() {
        Inbox second = new Inbox();
        a.open(inbox);
        assertThatThrownBy(() -> a.open(second)).isInstanceOf(IllegalStateException.class);
        b.send(a.localAddress(), datagram("to the first"));
        assertThat(takeText(inbox)).isEqualTo("to the first");
        assertThat(second.mail).isEmpty();
    }

    @Test
    void T2_it_is_not_opened_after_close() {
        a.close();
        assertThatThrownBy(() -> a.open(inbox)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void T3_one_send_is_one_receive_of_the_same_bytes() {
        b.open(inbox);
        int max = a.maxPayload();
        for (int size : new int[] {max, 1, 0, 512, Math.min(1_200, max), 0, max - 1}) {
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (i * 31 + size);
            }
            a.send(b.localAddress(), ByteBuffer.wrap(bytes));
            assertThat(take(inbox).bytes()).isEqualTo(Bytes.of(bytes));
        }
        a.send(b.localAddress(), datagram("last"));
        assertThat(takeUntil(inbox, "last")).isEmpty();
        settle();
        assertThat(inbox.mail).isEmpty();
    }

    @Test
    void T3_a_datagram_is_received_whole_or_not_at_all() {
        needsThreads();
        a.open(inbox);
        byte[] huge = new byte[60_000];
        huge[huge.length - 1] = 7;
        sendFromOutside(huge);
        sendFromOutside("after".getBytes(US_ASCII));
        Inbox.Mail mail = take(inbox);
        if (mail.bytes().size() > 5) {
            assertThat(mail.bytes()).isEqualTo(Bytes.of(huge));
            mail = take(inbox);
        }
        assertThat(mail.bytes()).isEqualTo(Bytes.utf8("after"));
    }

    @Test
    void T4_what_remains_in_the_buffer_is_sent_whatever_its_kind() {
        b.open(inbox);
        byte[] bytes = "<remaining>".getBytes(US_ASCII);
        for (ByteBuffer buffer : List.of(
                ByteBuffer.wrap(bytes),
                ByteBuffer.allocateDirect(bytes.length).put(bytes),
                ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
                ByteBuffer.wrap(("  " + new String(bytes, US_ASCII)).getBytes(US_ASCII), 2, bytes.length)
                        .slice(),
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))) {
            buffer.limit(bytes.length - 1).position(1);
            a.send(b.localAddress(), buffer);
            assertThat(buffer.position()).isEqualTo(buffer.limit()).isEqualTo(bytes.length - 1);
            assertThat(takeText(inbox)).isEqualTo("remaining");
        }
    }

    @Test
    void T4_the_buffer_is_the_callers_again_when_send_returns() {
        b.open(inbox);
        byte[] bytes = {1};
        for (byte i = 1; i <= 100; i++) {
            bytes[0] = i;
            a.send(b.localAddress(), ByteBuffer.wrap(bytes));
        }
        for (byte i = 1; i <= 100; i++) {
            assertThat(take(inbox).bytes()).isEqualTo(Bytes.of(i));
        }
    }

    @Test
    void T4_a_buffer_that_could_not_be_sent_is_used_up_all_the_same() {
        for (String nowhere : List.of("[2001:db8::1]:1", "127.0.0.1:0", "0.0.0.0:1")) {
            ByteBuffer buffer = datagram("lost");
            a.send(Endpoint.parse(nowhere), buffer);
            assertThat(buffer.hasRemaining()).isFalse();
        }
        a.close();
        ByteBuffer buffer = datagram("lost");
        a.send(b.localAddress(), buffer);
        assertThat(buffer.hasRemaining()).isFalse();
    }

    @Test
    void T4_what_a_receiver_does_to_the_buffer_does_not_reach_the_next_one() {
        List<ByteOrder> orders = new CopyOnWriteArrayList<>();
        b.open((from, datagram) -> {
            orders.add(datagram.order());
            inbox.receive(from, datagram);
            datagram.order(ByteOrder.LITTLE_ENDIAN).clear().limit(3).position(2).mark();
            if (!datagram.isReadOnly()) {
                datagram.put((byte) 'X');
            }
        });
        List<String> texts = List.of("the first", "the second", "the third");
        texts.forEach(text -> a.send(b.localAddress(), datagram(text)));
        assertThat(List.of(takeText(inbox), takeText(inbox), takeText(inbox))).isEqualTo(texts);
        assertThat(orders).containsOnly(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void T5_receives_are_serial_and_on_the_loop_which_is_always_the_same() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger faults = new AtomicInteger();
        AtomicInteger received = new AtomicInteger();
        assertThat(a.loop()).isSameAs(a.loop());
        a.open((from, datagram) -> {
            if (inside.incrementAndGet() != 1 || !a.loop().inLoop()) {
                faults.incrementAndGet();
            }
            Thread.onSpinWait();
            inside.decrementAndGet();
            received.incrementAndGet();
        });
        for (int i = 0; i < 50; i++) {
            b.send(a.localAddress(), datagram("one of many"));
        }
        until("all datagrams have come", () -> received.get() == 50);
        assertThat(faults).hasValue(0);
    }

    @Test
    void T5_nothing_is_received_inside_a_send() {
        AtomicBoolean sending = new AtomicBoolean(true);
        AtomicBoolean nested = new AtomicBoolean();
        Thread sender = Thread.currentThread();
        a.open((from, datagram) -> {
            if (sending.get() && Thread.currentThread() == sender) {
                nested.set(true);
            }
            inbox.receive(from, datagram);
        });
        b.send(a.localAddress(), datagram("serial"));
        sending.set(false);
        take(inbox);
        assertThat(nested).isFalse();
    }

    @Test
    void T9_a_receiver_sends_what_it_was_lent() {
        b.open((from, datagram) -> b.send(from, datagram));
        a.open(inbox);
        a.send(b.localAddress(), datagram("echo"));
        assertThat(takeText(inbox)).isEqualTo("echo");
    }

    @Test
    void T10_any_thread_sends() {
        needsThreads();
        b.open(inbox);
        onThreads(4, 25, n -> a.send(b.localAddress(), ByteBuffer.wrap(new byte[] {(byte) n})));
        int[] counts = new int[4];
        for (int i = 0; i < 100; i++) {
            counts[take(inbox).bytes().get(0)]++;
        }
        assertThat(counts).containsOnly(25);
    }

    @Test
    void T13_one_can_send_to_the_address_that_is_reported() {
        a.open(inbox);
        b.open(inbox);
        b.send(a.localAddress(), datagram("who am I?"));
        Inbox.Mail question = take(inbox);
        assertThat(question.from()).isEqualTo(b.localAddress());
        a.send(question.from(), datagram("it is you"));
        Inbox.Mail answer = take(inbox);
        assertThat(answer.bytes()).isEqualTo(Bytes.utf8("it is you"));
        assertThat(answer.from()).isEqualTo(a.localAddress());
    }

    @Test
    @Tag("stochastic")
    void T14_loopback_loses_less_than_one_in_a_hundred() {
        b.open(inbox);
        int received = 0;
        for (int batch = 0; batch < 100; batch++) {
            for (int i = 0; i < 50; i++) {
                a.send(b.localAddress(), datagram("payload"));
            }
            a.send(b.localAddress(), datagram("end " + batch));
            received += takeUntil(inbox, "end " + batch).size();
        }
        assertThat(received).isGreaterThan(4_950);
    }

    @Test
    void E10_a_flood_of_datagrams_starves_neither_tasks_nor_timers() {
        AtomicBoolean flows = new AtomicBoolean(true);
        AtomicBoolean fired = new AtomicBoolean();
        a.open((from, datagram) -> {
            if (flows.get()) {
                a.send(a.localAddress(), datagram);
            }
        });
        // They go round in circles: the socket is never empty for long.
        for (int i = 0; i < 100; i++) {
            b.send(a.localAddress(), datagram("flood"));
        }
        try {
            a.loop().schedule(a.loop().nanoTime() + 1_000_000, () -> fired.set(true));
            until("a timer has fired", fired::get);
            assertThat(on(a.loop(), a.loop()::inLoop)).isTrue();
        } finally {
            flows.set(false);
        }
    }

    /** Sends to the first transport, from a socket that may be larger than its own. */
    private void sendFromOutside(byte[] bytes) {
        try (DatagramSocket stranger = new DatagramSocket(0, LOOPBACK)) {
            stranger.send(
                    new DatagramPacket(bytes, bytes.length, a.localAddress().toSocketAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
