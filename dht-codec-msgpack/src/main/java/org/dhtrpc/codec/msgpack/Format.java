package org.dhtrpc.codec.msgpack;

import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;

/** The numbers of version 1 of the format; {@code docs/protocol.md} tells their story. */
final class Format {
    static final int VERSION = 1;
    static final int MAX_DATAGRAM = 1200;

    static final int REQUEST = 0;
    static final int REPLY = 1;
    static final int REQUEST_ELEMENTS = 12;
    static final int REPLY_ELEMENTS = 9;

    static final int FORWARD_TO = 0;
    static final int ANSWER_TO = 1;

    static final int TOKEN_BYTES = 8;
    static final int IPV4_ENDPOINT_BYTES = 6;
    static final int IPV6_ENDPOINT_BYTES = 18;

    /** What stands before the endpoint of a contact: the id, and the byte that says which family follows. */
    static final int CONTACT_HEAD_BYTES = Key.BYTES + 1;

    static final int MAX_CONTACT_BYTES = CONTACT_HEAD_BYTES + IPV6_ENDPOINT_BYTES;

    static final byte IPV4 = 4;
    static final byte IPV6 = 6;

    private Format() {}

    static int bytes(Endpoint endpoint) {
        return endpoint.isIPv4() ? IPV4_ENDPOINT_BYTES : IPV6_ENDPOINT_BYTES;
    }
}
