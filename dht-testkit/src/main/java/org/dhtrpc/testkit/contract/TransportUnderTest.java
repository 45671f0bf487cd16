package org.dhtrpc.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Transports of the kind that is tested, and what is sent between them. */
abstract class TransportUnderTest extends Surroundings {
    private final Queue<Transport> transports = new ConcurrentLinkedQueue<>();

    static final InetAddress LOOPBACK = address(127, 0, 0, 1);

    /** Keeps what it is given; most tests need one. */
    final Inbox inbox = new Inbox();

    Transport a;
    Transport b;

    /**
     * A new transport that is bound to any free port of this address of the machine: 127.0.0.1, and with {@link #ipv6}
     * also ::1 and ::. It may have a loop of its own or share one. The kit closes it; a shared loop is the caller's to
     * close, after each test. A simulation may choose another address.
     */
    protected abstract Transport bind(InetAddress host);

    /** Whether {@link #bind} takes addresses of IPv6 (T15). True unless overridden; where the machine has none, T15 is skipped. */
    protected boolean ipv6() {
        return true;
    }

    /** Whether a transport has {@linkplain Transport#sibling siblings} (T16). True unless overridden. */
    protected boolean siblings() {
        return true;
    }

    /**
     * Whether nobody has bound this port of this address (T1, T12). Unless overridden, a socket of the system is bound to
     * it for the time of the call; a simulation knows better.
     */
    protected boolean isFree(Endpoint address) {
        try (DatagramSocket probe = new DatagramSocket(address.toSocketAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @BeforeEach
    final void bindTransports() {
        a = bound();
        b = bound();
    }

    @AfterEach
    final void closeTransports() {
        transports.forEach(Transport::close);
    }

    /** A transport on the loopback, closed when the test ends. */
    final Transport bound() {
        return bound(LOOPBACK);
    }

    final Transport bound(InetAddress host) {
        return closedAfterwards(bind(host));
    }

    final Transport closedAfterwards(Transport transport) {
        transports.add(transport);
        return transport;
    }

    static InetAddress address(int... bytes) {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of 4 or 16 bytes is always legal", e);
        }
    }

    static ByteBuffer datagram(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    final Inbox.Mail take(Inbox from) {
        until("a datagram has come", () -> !from.mail.isEmpty());
        return from.mail.remove();
    }

    final String takeText(Inbox from) {
        return take(from).bytes().utf8();
    }

    /** The texts that come before this one, which ends the list and is not in it. */
    final List<String> takeUntil(Inbox from, String last) {
        List<String> texts = new ArrayList<>();
        String text = takeText(from);
        while (!text.equals(last)) {
            texts.add(text);
            text = takeText(from);
        }
        return texts;
    }

    /** Returns when a datagram that is sent now has come: what was under way before has come as well, if it comes. */
    final void settle() {
        Inbox marks = new Inbox();
        Transport there = bound();
        there.open(marks);
        bound().send(there.localAddress(), datagram("settled"));
        take(marks);
    }
}
