package org.dhtrpc.node;

import java.nio.ByteBuffer;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.routing.Kademlia;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/** Reads datagrams, and gives the machine what they say. On the loop. */
final class Inputs {
    private final Codec codec;
    private final EventLoop loop;
    private final Kademlia machine;
    private final Problems problems;

    Inputs(Codec codec, EventLoop loop, Kademlia machine, Problems problems) {
        this.codec = codec;
        this.loop = loop;
        this.machine = machine;
        this.problems = problems;
    }

    /** @param sibling whether it came in on the second socket */
    void receive(Endpoint from, ByteBuffer datagram, boolean sibling) {
        int size = datagram.remaining();
        Message message = decode(from, datagram);
        if (message != null) {
            machine.receive(loop.nanoTime(), from, message, size, sibling);
        } else {
            machine.malformed(loop.nanoTime(), from);
        }
    }

    private @Nullable Message decode(Endpoint from, ByteBuffer datagram) {
        try {
            return codec.decode(datagram);
        } catch (MalformedMessageException e) {
            return null;
        } catch (RuntimeException | Error e) {
            // A part of somebody else's that breaks its contract: strangers must not be able to end us by it.
            problems.report("Not read, a datagram from " + from, e);
            return null;
        }
    }
}
