package org.dhtrpc.benchmarks;

import static java.net.StandardSocketOptions.SO_RCVBUF;
import static java.net.StandardSocketOptions.SO_SNDBUF;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** The least that a selector can do: read, write, read again. */
final class SelectorEcho implements EchoLoop {
    /** Datagrams of one socket before the other has its turn. */
    private static final int BATCH = 64;

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);
    private final Thread thread = new Thread(this::run, "echo");

    SelectorEcho() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Endpoint answer() {
        try {
            DatagramChannel channel = open();
            watch(channel, () -> {
                buffer.clear();
                SocketAddress from = channel.receive(buffer);
                if (from == null) {
                    return false;
                }
                channel.send(buffer.flip(), from);
                return true;
            });
            return Endpoint.of((InetSocketAddress) channel.getLocalAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Load ask(Endpoint whom, int bytes) {
        try {
            Asking asking = new Asking(open(), whom.toSocketAddress(), bytes);
            watch(asking.channel, asking);
            return asking;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DatagramChannel open() throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)
                .setOption(SO_RCVBUF, SOCKET_BUFFER)
                .setOption(SO_SNDBUF, SOCKET_BUFFER)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
        return channel;
    }

    private void watch(DatagramChannel channel, Step step) throws IOException {
        channel.register(selector, SelectionKey.OP_READ, step);
        selector.wakeup();
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(SelectorEcho::read);
            }
        } catch (ClosedSelectorException e) {
            // That is the end.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(SelectionKey key) {
        Step step = (Step) key.attachment();
        try {
            for (int i = 0; i < BATCH && step.take(); i++) {}
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            List<SelectionKey> keys = List.copyOf(selector.keys());
            // Waits for the thread, which is done with the sockets then.
            selector.close();
            for (SelectionKey key : keys) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Step {
        /** Takes one datagram; false if there is none. */
        boolean take() throws IOException;
    }

    private final class Asking implements Step, Load {
        private final DatagramChannel channel;
        private final SocketAddress whom;
        private final int bytes;
        private volatile @Nullable Phase phase;

        Asking(DatagramChannel channel, SocketAddress whom, int bytes) {
            this.channel = channel;
            this.whom = whom;
            this.bytes = bytes;
        }

        @Override
        public void begin(Phase phase) {
            this.phase = phase;
            ByteBuffer datagram = ByteBuffer.allocateDirect(bytes);
            try {
                for (int i = 0; i < phase.window(); i++) {
                    channel.send(datagram.clear().putLong(0, System.nanoTime()), whom);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean take() throws IOException {
            buffer.clear();
            if (channel.receive(buffer) == null) {
                return false;
            }
            Phase running = phase;
            if (running != null && running.ended(buffer.flip().getLong(0), true)) {
                channel.send(buffer.putLong(0, System.nanoTime()), whom);
            }
            return true;
        }
    }
}
