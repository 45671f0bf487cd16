package org.dhtrpc.codec.dhtrpc;

import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.testkit.contract.CodecContract;

/** The contract, and what is special to this wire. */
class DhtRpc6CodecTest extends CodecContract {
    private final DhtRpc6Codec codec = new DhtRpc6Codec();

    @Override
    protected Codec codec() {
        return codec;
    }

    @Override
    protected Message sent(Message message) {
        return message instanceof Request request ? Requests.committing(request, null) : message;
    }

    /** Contacts travel without their ids. */
    @Override
    protected Message carried(Message message) {
        return message instanceof Reply reply && reply.contacts() != null
                ? reply.withContacts(reply.contacts().stream()
                        .map(contact -> AddressIds.contact(contact.endpoint()))
                        .toList())
                : message;
    }

    @Override
    protected boolean strict() {
        return false;
    }
}
