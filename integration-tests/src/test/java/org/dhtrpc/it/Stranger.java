package org.dhtrpc.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/**
 * A peer on a plain socket of the JDK, who sends whatever a test wants and keeps to no rule.
 *
 * <p>Nothing here sleeps: datagrams between two sockets of one machine stay in order, so when a node answers a ping it
 * has dealt with everything that was sent before.
 */
final class Stranger implements AutoCloseable {
    private static final int LARGEST = 65_507;

    private final MsgpackCodec codec = new MsgpackCodec();
    private final DatagramSocket socket;
    private final byte[] buffer = new byte[LARGEST];
    private long transactions = 1_000_000;
    private long sent;
    private long received;

    Stranger() {
        try {
            socket = new DatagramSocket(new InetSocketAddress(Loopback.HOST, 0));
            socket.setSoTimeout((int) Loopback.PATIENCE.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Endpoint endpoint() {
        return Endpoint.of((InetSocketAddress) socket.getLocalSocketAddress());
    }

    /** The bytes of all datagrams that it has sent. */
    long sent() {
        return sent;
    }

    /** The bytes of all datagrams that have been taken from its socket. */
    long received() {
        return received;
    }

    /** A transaction id that this stranger has not used. */
    long transaction() {
        return transactions++;
    }

    /** A request for an application's command, as an ephemeral node sends it. */
    Request request(Endpoint to, String command, boolean commit, @Nullable Bytes token, @Nullable Bytes value) {
        return new Request(transaction(), null, to, Command.of(command), Key.ZERO, commit, token, value, null, 0);
    }

    /** A find_node for the zero key. */
    Request findNode(Endpoint to, @Nullable Key sender, @Nullable Bytes token) {
        return new Request(transaction(), sender, to, Command.FIND_NODE, Key.ZERO, token, null);
    }

    /** The reply that a request wants to have, without contacts. */
    static Reply reply(Request request, @Nullable Key sender, Endpoint to, @Nullable Bytes value) {
        return new Reply(request.transaction(), sender, to, List.of(), null, ErrorCode.NONE, value);
    }

    byte[] encoded(Message message) {
        ByteBuffer buffer = ByteBuffer.allocate(codec.size(message));
        codec.encode(message, buffer);
        return buffer.array();
    }

    void send(Endpoint to, Message message) {
        send(to, encoded(message));
    }

    void send(Endpoint to, byte[] datagram) {
        try {
            socket.send(new DatagramPacket(datagram, datagram.length, to.toSocketAddress()));
            sent += datagram.length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next message, whoever sent it. */
    Message receive() {
        return decoded(take());
    }

    private DatagramPacket take() {
        DatagramPacket packet = new DatagramPacket(buffer, LARGEST);
        try {
            socket.receive(packet);
        } catch (IOException e) {
            throw new UncheckedIOException("Nobody sent anything to " + endpoint(), e);
        }
        received += packet.getLength();
        return packet;
    }

    private Message decoded(DatagramPacket packet) {
        try {
            return codec.decode(ByteBuffer.wrap(Arrays.copyOf(packet.getData(), packet.getLength())));
        } catch (MalformedMessageException e) {
            throw new AssertionError("A node sent what is no message", e);
        }
    }

    /** What has arrived, whoever sent it; waits for nothing more. */
    List<Message> arrived() {
        // What it sends to itself comes behind all that has arrived by now.
        send(endpoint(), new byte[0]);
        List<Message> messages = new ArrayList<>();
        for (DatagramPacket packet = take(); packet.getLength() > 0; packet = take()) {
            messages.add(decoded(packet));
        }
        return messages;
    }

    /** The next request for a command; everything before it is dropped. */
    Request receiveRequest(Command command) {
        while (true) {
            if (receive() instanceof Request request && request.command().equals(command)) {
                return request;
            }
        }
    }

    /** Asks, and waits for the reply; everything before it is dropped. */
    Reply ask(Endpoint node, Request request) {
        send(node, request);
        return receiveReply(request);
    }

    /** The reply to a request; everything before it is dropped. */
    Reply receiveReply(Request request) {
        while (true) {
            if (receive() instanceof Reply reply && reply.transaction() == request.transaction()) {
                return reply;
            }
        }
    }

    /** Pings a node, and returns what arrives before the answer: the node has seen all that was sent up to now. */
    List<Message> untilPong(Endpoint node) {
        Request ping = new Request(transaction(), null, node, Command.PING, null, null, null);
        send(node, ping);
        List<Message> before = new ArrayList<>();
        while (true) {
            Message message = receive();
            if (message instanceof Reply reply && reply.transaction() == ping.transaction()) {
                return before;
            }
            before.add(message);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
