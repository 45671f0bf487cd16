package org.dhtrpc.holepunch;

/** Numbers of STUN: RFC 8489, RFC 5780 and RFC 8656, and those of ours, from the ranges that nobody has been given. */
final class Stun {
    static final int HEADER = 20;
    static final int COOKIE = 0x2112A442;
    static final int FINGERPRINT_XOR = 0x5354554E;

    // Methods.
    static final int BINDING = 0x001;
    /** From whoever punches to its referrer, and the answer. */
    static final int INTRODUCE = 0xD01;
    /** From the referrer to the peer, and the answer. */
    static final int INVITE = 0xD02;
    /** Between the two ends by way of the referrer, which passes it on as it is. */
    static final int NOTIFY = 0xD03;
    /** The same for datagrams, where there is no other way. */
    static final int RELAY = 0xD04;

    // Attributes that have to be understood.
    static final int MAPPED_ADDRESS = 0x0001;
    static final int CHANGE_REQUEST = 0x0003;
    static final int CLASSIC_SOURCE_ADDRESS = 0x0004;
    static final int CLASSIC_CHANGED_ADDRESS = 0x0005;
    static final int USERNAME = 0x0006;
    static final int MESSAGE_INTEGRITY = 0x0008;
    static final int ERROR_CODE = 0x0009;
    static final int UNKNOWN_ATTRIBUTES = 0x000A;
    static final int XOR_PEER_ADDRESS = 0x0012;
    static final int DATA = 0x0013;
    static final int REALM = 0x0014;
    static final int NONCE = 0x0015;
    static final int MESSAGE_INTEGRITY_SHA256 = 0x001C;
    static final int PASSWORD_ALGORITHM = 0x001D;
    static final int USERHASH = 0x001E;
    static final int XOR_MAPPED_ADDRESS = 0x0020;
    /** Whoever began a punch says by which way it will send from now on (RFC 8445, section 7.1.2). */
    static final int USE_CANDIDATE = 0x0025;

    static final int PADDING = 0x0026;
    static final int RESPONSE_PORT = 0x0027;
    /** A public key of X25519, 32 bytes. */
    static final int KEY = 0x4D01;
    /** A {@link NatProfile}, as {@link Introduction} writes it. */
    static final int PROFILE = 0x4D02;
    /** An address to try, and what kind it is of. */
    static final int CANDIDATE = 0x4D03;
    /** The number of an earlier punch whose path is lost, and what proves that we had a part in it. */
    static final int RESUMES = 0x4D04;
    /** What a NOTIFY is about. */
    static final int EVENT = 0x4D05;
    /** How many bytes a referrer relays for a punch. */
    static final int RELAY_LIMIT = 0x4D06;

    // Attributes that may be ignored.
    static final int SOFTWARE = 0x8022;
    static final int FINGERPRINT = 0x8028;
    static final int RESPONSE_ORIGIN = 0x802B;
    static final int OTHER_ADDRESS = 0x802C;
    /** The address of a second port of a server's. OTHER-ADDRESS would tell clients of RFC 5780 that it has a second host. */
    static final int SECOND_PORT = 0xCD01;

    // Error codes.
    static final int BAD_REQUEST = 400;
    static final int FORBIDDEN = 403;
    static final int PEER_UNKNOWN = 404;
    static final int UNKNOWN_ATTRIBUTE = 420;
    static final int TOO_MANY = 429;
    static final int STALE_NONCE = 438;

    private Stun() {}
}
