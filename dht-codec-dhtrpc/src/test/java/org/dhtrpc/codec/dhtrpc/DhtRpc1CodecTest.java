package org.dhtrpc.codec.dhtrpc;

import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.testkit.contract.CodecContract;

/** The contract, and what is special to this wire. */
class DhtRpc1CodecTest extends CodecContract {
    private final DhtRpc1Codec codec = new DhtRpc1Codec();

    @Override
    protected Codec codec() {
        return codec;
    }

    @Override
    protected Message sent(Message message) {
        return message instanceof Request request ? Requests.committing(request, request.relay()) : message;
    }

    /** To whom a message goes is not said. */
    @Override
    protected Message carried(Message message) {
        return message instanceof Request request
                ? Requests.to(null, request)
                : new Reply(
                        message.transaction(),
                        message.sender(),
                        null,
                        ((Reply) message).contacts(),
                        message.token(),
                        ((Reply) message).error(),
                        message.value());
    }

    @Override
    protected boolean strict() {
        return false;
    }

    /** A reply of a transaction below 512 to a pong begins with the sender's id where STUN has its cookie. */
    @Override
    protected boolean unlikeStun() {
        return false;
    }
}
