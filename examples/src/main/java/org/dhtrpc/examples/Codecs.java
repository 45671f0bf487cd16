package org.dhtrpc.examples;

import java.util.Locale;
import org.dhtrpc.codec.dhtrpc.DhtRpc1Codec;
import org.dhtrpc.codec.dhtrpc.DhtRpc6Codec;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.spi.Codec;

/** What {@code --codec} takes: the wire that a program speaks, and what the commands of the store are called on it. */
enum Codecs {
    /** Our own. */
    MSGPACK(new MsgpackCodec(), "store", "lookup"),
    /** npm dht-rpc 5 and 6, and so HyperDHT; commands are numbers there. */
    DHTRPC6(new DhtRpc6Codec(), "1", "2"),
    /** npm dht-rpc 1 to 3. */
    DHTRPC1(new DhtRpc1Codec(), "store", "lookup");

    /** How the option is explained wherever there is one. */
    static final String OPTION =
            "What nodes say to each other: ${COMPLETION-CANDIDATES}; all of a network say the same.";

    @SuppressWarnings("ImmutableEnumChecker") // a codec has no state that shows
    final Codec codec;

    final String store;
    final String lookup;

    Codecs(Codec codec, String store, String lookup) {
        this.codec = codec;
        this.store = store;
        this.lookup = lookup;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
