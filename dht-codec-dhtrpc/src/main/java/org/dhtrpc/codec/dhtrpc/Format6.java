package org.dhtrpc.codec.dhtrpc;

/** The numbers of dht-rpc 6: first bytes, whose low half is the version, and flags. */
final class Format6 {
    static final int MAX_DATAGRAM = 1200;

    /** What the sockets of peers take. */
    static final int MAX_READ = 2048;

    static final int TRANSACTION_BITS = Short.SIZE;

    static final int REQUEST = 0x03;
    static final int REPLY = 0x13;

    static final int ID = 1;
    static final int TOKEN = 1 << 1;

    /** Of a request. */
    static final int BUILT_IN = 1 << 2;

    /** Of a request. */
    static final int TARGET = 1 << 3;

    /** Of a reply. */
    static final int CONTACTS = 1 << 2;

    /** Of a reply. */
    static final int ERROR = 1 << 3;

    static final int VALUE = 1 << 4;

    private Format6() {}
}
