package org.dhtrpc.codec.dhtrpc;

import org.dhtrpc.Key;
import org.dhtrpc.message.Command;

/** The numbers and names of dht-rpc 1 to 3. */
final class Format1 {
    static final int MAX_DATAGRAM = 1200;

    static final int TRANSACTION_BITS = 15;

    /** In the header beside the transaction. */
    static final int REQUEST = 1 << TRANSACTION_BITS;

    // Numbers of fields.

    static final int REQUEST_COMMAND = 1;
    static final int REQUEST_ID = 2;
    static final int REQUEST_TARGET = 3;
    static final int REQUEST_FORWARD_TO = 4;
    static final int REQUEST_ANSWER_TO = 5;
    static final int REQUEST_TOKEN = 6;
    static final int REQUEST_VALUE = 7;

    static final int REPLY_ID = 1;
    static final int REPLY_CONTACTS = 2;
    static final int REPLY_VALUE = 3;
    static final int REPLY_TOKEN = 4;

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
