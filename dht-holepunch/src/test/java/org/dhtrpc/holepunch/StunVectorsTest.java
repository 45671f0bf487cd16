package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.junit.jupiter.api.Test;

/** The messages of RFC 5769, sections 2.1 to 2.4, and of RFC 8489, appendix B.1, as its erratum 6268 has it. */
class StunVectorsTest {
    private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";
    private static final TransactionId TRANSACTION = new TransactionId(0xb7e7a701bc34d686L, 0xfa87dfae);
    private static final TransactionId LONG_TERM = new TransactionId(0x78ad3433c6ad72c0L, 0x29da412e);
    private static final String USER = "\u30de\u30c8\u30ea\u30c3\u30af\u30b9";

    private static final String REQUEST = """
            00 01 00 58 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
            80 22 00 10 53 54 55 4e 20 74 65 73 74 20 63 6c 69 65 6e 74
            00 24 00 04 6e 00 01 ff
            80 29 00 08 93 2f f9 b1 51 26 3b 36
            00 06 00 09 65 76 74 6a 3a 68 36 76 59 20 20 20
            00 08 00 14 9a ea a7 0c bf d8 cb 56 78 1e f2 b5 b2 d3 f2 49 c1 b5 71 a2
            80 28 00 04 e5 7a 3b cf
            """;

    private static final String IPV4_RESPONSE = """
            01 01 00 3c 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
            80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20
            00 20 00 08 00 01 a1 47 e1 12 a6 43
            00 08 00 14 2b 91 f5 99 fd 9e 90 c3 8c 74 89 f9 2a f9 ba 53 f0 6b e7 d7
            80 28 00 04 c0 7d 4c 96
            """;

    private static final String IPV6_RESPONSE = """
            01 01 00 48 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
            80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20
            00 20 00 14 00 02 a1 47 01 13 a9 fa a5 d3 f1 79 bc 25 f4 b5 be d2 b9 d9
            00 08 00 14 a3 82 95 4e 4b e6 7b f1 17 84 c9 7c 82 92 c2 75 bf e3 ed 41
            80 28 00 04 c8 fb 0b 4c
            """;

    private static final String LONG_TERM_REQUEST = """
            00 01 00 60 21 12 a4 42 78 ad 34 33 c6 ad 72 c0 29 da 41 2e
            00 06 00 12 e3 83 9e e3 83 88 e3 83 aa e3 83 83 e3 82 af e3 82 b9 00 00
            00 15 00 1c 66 2f 2f 34 39 39 6b 39 35 34 64 36 4f 4c 33 34 6f 4c 39 46 53 54 76 79 36 34 73 41
            00 14 00 0b 65 78 61 6d 70 6c 65 2e 6f 72 67 00
            00 08 00 14 f6 70 24 65 6d d6 4a 3e 02 b8 e0 71 2e 85 c9 a2 8c a8 96 66
            """;

    private static final String SHA256_REQUEST = """
            00 01 00 90 21 12 a4 42 78 ad 34 33 c6 ad 72 c0 29 da 41 2e
            00 1e 00 20 4a 3c f3 8f ef 69 92 bd a9 52 c6 78 04 17 da 0f
                        24 81 94 15 56 9e 60 b2 05 c4 6e 41 40 7f 17 04
            00 15 00 29 6f 62 4d 61 74 4a 6f 73 32 41 41 41 43 66 2f 2f 34 39 39 6b 39 35 34 64
                        36 4f 4c 33 34 6f 4c 39 46 53 54 76 79 36 34 73 41 00 00 00
            00 14 00 0b 65 78 61 6d 70 6c 65 2e 6f 72 67 00
            00 1d 00 04 00 02 00 00
            00 1c 00 20 b5 c7 bf 00 5b 6c 52 a2 1c 51 c5 e8 92 f8 19 24
                        13 62 96 cb 92 7c 43 14 93 09 27 8c c6 51 8e 65
            """;

    private static byte[] bytes(String hexadecimal) {
        return HexFormat.of().parseHex(hexadecimal.replaceAll("\\s", ""));
    }

    private static StunMessage read(String hexadecimal) {
        return Objects.requireNonNull(StunMessage.read(ByteBuffer.wrap(bytes(hexadecimal))));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] longTermKey(String algorithm) throws NoSuchAlgorithmException {
        String text = USER + ":example.org:TheMatrIX";
        return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void holds(StunMessage message, int type, byte[] key) {
        assertThat(message.integrityHolds(type, key)).isTrue();
        byte[] other = key.clone();
        other[0] ^= 1;
        assertThat(message.integrityHolds(type, other)).isFalse();
    }

    @Test
    void a_request_is_read() {
        StunMessage message = read(REQUEST);
        assertThat(message.kind()).isEqualTo(Kind.REQUEST);
        assertThat(message.method()).isEqualTo(Stun.BINDING);
        assertThat(message.transaction()).isEqualTo(TRANSACTION);
        assertThat(message.classic()).isFalse();
        assertThat(message.value(Stun.SOFTWARE)).isEqualTo(ascii("STUN test client"));
        assertThat(message.value(Stun.USERNAME)).isEqualTo(ascii("evtj:h6vY"));
        assertThat(message.unknown(type -> type == Stun.USERNAME || type == Stun.MESSAGE_INTEGRITY))
                .containsExactly(0x0024);
        assertThat(message.has(Stun.FINGERPRINT)).isTrue();
        holds(message, Stun.MESSAGE_INTEGRITY, ascii(PASSWORD));
    }

    @Test
    void a_response_of_IPv4_is_read() {
        StunMessage message = read(IPV4_RESPONSE);
        assertThat(message.kind()).isEqualTo(Kind.SUCCESS);
        assertThat(message.xorAddress(Stun.XOR_MAPPED_ADDRESS)).isEqualTo(Endpoint.parse("192.0.2.1:32853"));
        assertThat(message.value(Stun.SOFTWARE)).isEqualTo(ascii("test vector"));
        holds(message, Stun.MESSAGE_INTEGRITY, ascii(PASSWORD));
    }

    @Test
    void a_response_of_IPv6_is_read() {
        StunMessage message = read(IPV6_RESPONSE);
        assertThat(message.xorAddress(Stun.XOR_MAPPED_ADDRESS))
                .isEqualTo(Endpoint.parse("[2001:db8:1234:5678:11:2233:4455:6677]:32853"));
        holds(message, Stun.MESSAGE_INTEGRITY, ascii(PASSWORD));
    }

    @Test
    void a_request_with_long_term_credentials_is_read() throws NoSuchAlgorithmException {
        StunMessage message = read(LONG_TERM_REQUEST);
        assertThat(message.transaction()).isEqualTo(LONG_TERM);
        assertThat(message.value(Stun.USERNAME)).isEqualTo(USER.getBytes(StandardCharsets.UTF_8));
        assertThat(message.value(Stun.NONCE)).isEqualTo(ascii("f//499k954d6OL34oL9FSTvy64sA"));
        assertThat(message.value(Stun.REALM)).isEqualTo(ascii("example.org"));
        holds(message, Stun.MESSAGE_INTEGRITY, longTermKey("MD5"));
    }

    @Test
    void a_request_with_SHA_256_is_read() throws NoSuchAlgorithmException {
        StunMessage message = read(SHA256_REQUEST);
        assertThat(message.transaction()).isEqualTo(LONG_TERM);
        holds(message, Stun.MESSAGE_INTEGRITY_SHA256, longTermKey("SHA-256"));
    }

    // What pads an attribute is anybody's choice; the RFC's is a blank, ours a zero.
    @Test
    void what_we_write_is_the_same_but_for_padding() {
        byte[] unpadded = bytes(IPV4_RESPONSE);
        StunWriter writer = StunWriter.of(Kind.SUCCESS, Stun.BINDING, TRANSACTION)
                .add(Stun.SOFTWARE, "test vector")
                .xorAddress(Stun.XOR_MAPPED_ADDRESS, Endpoint.parse("192.0.2.1:32853"));
        byte[] written = writer.bare();
        unpadded[20 + 4 + 11] = 0;
        assertThat(written).startsWith(0x01, 0x01).hasSize(20 + 16 + 12);
        assertThat(ByteBuffer.wrap(written, 4, written.length - 4)).isEqualTo(ByteBuffer.wrap(unpadded, 4, 44));
    }

    @Test
    void an_address_of_IPv6_is_written_as_it_is_read() {
        Endpoint endpoint = Endpoint.parse("[2001:db8:1234:5678:11:2233:4455:6677]:32853");
        byte[] written = StunWriter.of(Kind.SUCCESS, Stun.BINDING, TRANSACTION)
                .xorAddress(Stun.XOR_MAPPED_ADDRESS, endpoint)
                .bare();
        assertThat(ByteBuffer.wrap(written, 20, 24)).isEqualTo(ByteBuffer.wrap(bytes(IPV6_RESPONSE), 36, 24));
    }

    @Test
    void a_code_over_what_the_RFC_signed_is_its_own() {
        byte[] request = bytes(REQUEST);
        int before = request.length - 8 - 24;
        byte[] code = Secrets.integrity(Stun.MESSAGE_INTEGRITY, ascii(PASSWORD), request, before, 20);
        assertThat(ByteBuffer.wrap(code)).isEqualTo(ByteBuffer.wrap(request, before + 4, 20));
        assertThat(StunMessage.fingerprint(request, request.length - 8)).isEqualTo(0xe57a3bcf);
    }
}
