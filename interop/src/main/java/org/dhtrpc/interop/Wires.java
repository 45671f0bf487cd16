package org.dhtrpc.interop;

import org.dhtrpc.codec.dhtrpc.DhtRpc1Codec;
import org.dhtrpc.codec.dhtrpc.DhtRpc6Codec;
import org.dhtrpc.spi.Codec;

/** The two wires, each with the package that speaks it and the commands of the application of both sides. */
enum Wires {
    DHT_RPC_6("dht-rpc 6", "dht-rpc-6", new DhtRpc6Codec(), "1", "5", "3"),
    SEED("the seed's wire", "dht-rpc-2", new DhtRpc1Codec(), "store", "echo", "fail");

    /** The command by which an asker, a relay and an answerer meet, on dht-rpc 6 alone. */
    static final String RELAY = "4";

    /** A command that nobody knows. */
    static final String UNKNOWN = "99";

    final String words;
    final String agent;

    @SuppressWarnings("ImmutableEnumChecker") // a codec has no state that shows
    final Codec codec;

    /** Commits a value under a target, or asks for it. */
    final String store;

    /** Answers what it is given. */
    final String echo;

    /** Refuses, on dht-rpc 6 with the code that it is given. */
    final String fail;

    Wires(String words, String agent, Codec codec, String store, String echo, String fail) {
        this.words = words;
        this.agent = agent;
        this.codec = codec;
        this.store = store;
        this.echo = echo;
        this.fail = fail;
    }

    /** A command as the agent wants it: a number on dht-rpc 6. */
    Object command(String name) {
        return this == DHT_RPC_6 ? Integer.valueOf(name) : name;
    }
}
