package org.dhtrpc.holepunch;

import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/** What one end of a punch tells the other by way of the referrer, who passes it on as it is. */
enum Notice {
    /** The first has the other's answer: both begin to probe. */
    START,
    /** I have another socket, and this is where the referrer sees it. */
    MOVED,
    /** Both have: begin to probe from those. */
    START_AGAIN,
    /** I have given up. */
    END;

    /** @param address what it is about, null if it is about none */
    byte[] write(long punch, int number, @Nullable Endpoint address, byte[] key) {
        StunWriter writer = StunWriter.of(Kind.INDICATION, Stun.NOTIFY, new TransactionId(punch, number));
        writer.number(Stun.EVENT, List.of(values()).indexOf(this));
        if (address != null) {
            writer.xorAddress(Stun.XOR_MAPPED_ADDRESS, address);
        }
        return writer.sealed(key);
    }

    static @Nullable Notice read(StunMessage message) {
        int event = message.number(Stun.EVENT);
        return event >= 0 && event < values().length ? values()[event] : null;
    }
}
