package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.Codec;

/**
 * Messages themselves travel, and nothing is encoded: a datagram has the size of the encoded message, but begins with a
 * {@linkplain Tickets ticket} for it. On the way the message is held by the datagram; on arrival it gets a new ticket.
 * A ticket thus need only live from {@code encode} to {@code send} and from {@code receive} to {@code decode}, and
 * their number does not depend on how much is under way.
 *
 * <p>Datagrams that are no tickets travel as bytes.
 */
final class ByReference implements Fidelity {
    private final RealBytes bytes = new RealBytes();
    private final Tickets tickets;

    ByReference(Tickets tickets) {
        this.tickets = tickets;
    }

    @Override
    public Codec codec(Codec real) {
        return new ByReferenceCodec(real, tickets);
    }

    @Override
    public Object load(ByteBuffer datagram) {
        Message message = tickets.redeem(datagram);
        if (message == null) {
            return bytes.load(datagram);
        }
        datagram.position(datagram.limit());
        return message;
    }

    @Override
    public void unload(Object cargo, int size, ByteBuffer inbox) {
        if (cargo instanceof Message message) {
            tickets.write(message, size, inbox);
        } else {
            bytes.unload(cargo, size, inbox);
        }
    }

    @Override
    public void corrupt(Object cargo, ByteBuffer inbox, RandomStream random) {
        if (cargo instanceof Message) {
            Tickets.destroy(inbox);
        } else {
            bytes.corrupt(cargo, inbox, random);
        }
    }
}
