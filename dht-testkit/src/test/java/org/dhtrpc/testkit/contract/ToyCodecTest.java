package org.dhtrpc.testkit.contract;

import org.dhtrpc.message.Message;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.testkit.ToyCodec;

class ToyCodecTest extends CodecContract {
    @Override
    protected Codec codec() {
        return new ToyCodec();
    }

    @Override
    protected Message carried(Message message) {
        Request ping = ToyCodec.ping(message.transaction(), ToyCodec.value(message));
        return message instanceof Request ? ping : ToyCodec.pong(ping);
    }
}
