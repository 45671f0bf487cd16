package org.dhtrpc.codec.dhtrpc;

import org.dhtrpc.Key;
import org.dhtrpc.message.Command;

/** The numbers of dht-rpc 1 to 3: the header, the names of its commands, and the fields of its two messages of protocol buffers. */
final class Format1 {
    static final int MAX_DATAGRAM = 1200;

    static final int TRANSACTION_BITS = 15;

    /** In the header beside the transaction. */
    static final int REQUEST = 1 << TRANSACTION_BITS;

    /** The lowest bits of a field's key: how its length is known. */
    static final int WIRE_TYPE = 7;

    static final int WIRE_TYPE_BITS = 3;

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int DELIMITED = 2;
    static final int FIXED32 = 5;

    static final long MAX_KEY = 0xFFFF_FFFFL;

    // Keys: the number of the field and its wire type, which is always the same.

    static final int REQUEST_COMMAND = 1 << WIRE_TYPE_BITS | DELIMITED;
    static final int REQUEST_ID = 2 << WIRE_TYPE_BITS | DELIMITED;
    static final int REQUEST_TARGET = 3 << WIRE_TYPE_BITS | DELIMITED;
    static final int REQUEST_FORWARD_TO = 4 << WIRE_TYPE_BITS | DELIMITED;
    static final int REQUEST_ANSWER_TO = 5 << WIRE_TYPE_BITS | DELIMITED;
    static final int REQUEST_TOKEN = 6 << WIRE_TYPE_BITS | DELIMITED;
    static final int REQUEST_VALUE = 7 << WIRE_TYPE_BITS | DELIMITED;

    static final int REPLY_ID = 1 << WIRE_TYPE_BITS | DELIMITED;
    static final int REPLY_CONTACTS = 2 << WIRE_TYPE_BITS | DELIMITED;
    static final int REPLY_VALUE = 3 << WIRE_TYPE_BITS | DELIMITED;
    static final int REPLY_TOKEN = 4 << WIRE_TYPE_BITS | DELIMITED;

    static final int CONTACT_BYTES = Key.BYTES + Ipv4.BYTES;

    private static final String PING = "_ping";
    private static final String FIND_NODE = "_find_node";

    private Format1() {}

    static boolean hasCommand(Command command) {
        return command.builtIn()
                ? command.equals(Command.PING) || command.equals(Command.FIND_NODE)
                : !command.name().equals(PING) && !command.name().equals(FIND_NODE);
    }

    /** What a command that this wire has is called there. */
    static String name(Command command) {
        if (!command.builtIn()) {
            return command.name();
        }
        return command.equals(Command.PING) ? PING : FIND_NODE;
    }

    static Command command(String name) {
        return switch (name) {
            case PING -> Command.PING;
            case FIND_NODE -> Command.FIND_NODE;
            default -> Command.of(name);
        };
    }
}
