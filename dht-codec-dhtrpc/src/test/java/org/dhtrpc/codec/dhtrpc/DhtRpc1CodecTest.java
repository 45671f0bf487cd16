package org.dhtrpc.codec.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.dhtrpc.message.Command.PING;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.testkit.contract.CodecContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract, and what is special to this wire. */
class DhtRpc1CodecTest extends CodecContract {
    private static final Endpoint IPV4 = Endpoint.parse("192.0.2.1:3282");
    private static final Endpoint IPV6 = Endpoint.parse("[2001:db8::1]:3282");
    private static final Endpoint PORT_0 = Endpoint.parse("192.0.2.1:0");
    private static final Key ID = Key.parse("cc".repeat(32));
    private static final Bytes TOKEN = Bytes.of(new byte[32]);

    /** The header of transaction 1, and the command. */
    private static final String PING_1 = "80010a055f70696e67";

    private static final String STORE_1 = "80010a0573746f7265";

    private final DhtRpc1Codec codec = new DhtRpc1Codec();

    @Override
    protected Codec codec() {
        return codec;
    }

    @Override
    protected Message sent(Message message) {
        return message instanceof Request request ? Requests.committing(request, request.relay()) : message;
    }

    /** To whom a message goes is not said. */
    @Override
    protected Message carried(Message message) {
        if (message instanceof Request request) {
            return Requests.to(null, request);
        }
        Reply reply = (Reply) message;
        return new Reply(
                reply.transaction(),
                reply.sender(),
                null,
                reply.contacts(),
                reply.token(),
                reply.error(),
                reply.value());
    }

    @Override
    protected Map<Bytes, Message> published() {
        return Vectors.datagrams(Vectors.DHT_RPC_1, Published1.MESSAGES);
    }

    /** Fields that nobody knows yet, a known one of another type, one that comes twice, lengths that could be shorter. */
    @Override
    protected Map<Bytes, Message> later() {
        Message ping = request(PING, false, null, null, 0);
        return Map.of(
                Bytes.parse(PING_1 + "409601"), ping,
                Bytes.parse(PING_1 + "410102030405060708"), ping,
                Bytes.parse(PING_1 + "4202ffff"), ping,
                Bytes.parse(PING_1 + "4501020304"), ping,
                Bytes.parse(PING_1 + "8aff0101ff"), ping,
                Bytes.parse(PING_1 + "1005" + "180538ffffffffffffffffff01"), ping,
                Bytes.parse("8001" + "0a0573746f7265" + "0a055f70696e67"), ping,
                Bytes.parse("8001" + "0a8500" + "5f70696e67"), ping,
                Bytes.parse("0001" + "2a0200ff" + "1a0177"), reply(null, null, 0, Bytes.parse("77")),
                Bytes.parse("0001" + "1a0177" + "1a00"), reply(null, null, 0, Bytes.EMPTY));
    }

    /** What comes behind may be one more field. */
    @Override
    protected boolean strict() {
        return false;
    }

    /** A reply to one of the first 512 transactions has the id of its sender where STUN has the cookie. */
    @Override
    protected boolean unlikeStun() {
        return false;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "80",
                "8001", // no command
                "80010affffffff7f", // a command of 2^28 bytes or more
                "80010affffffffffffffffff01", // of 2^64-1
                "80010affffffffffffffffffff01", // a length of 11 bytes
                "80010a", // no length
                "80010a055f70696e", // cut in the command
                "80010a00", // command without a name
                "80010a31" + "61616161616161616161616161616161616161616161616161"
                        + "616161616161616161616161616161616161616161616161", // one of 49 bytes
                "80010a01ff", // no UTF-8
                "80010a03eda080", // half of a surrogate pair
                PING_1 + "0200", // field 0
                PING_1 + "8280808010" + "00", // a field beyond 2^29-1
                PING_1 + "4b4c", // groups, and types that there are not
                PING_1 + "4c",
                PING_1 + "4e00",
                PING_1 + "4f00",
                PING_1 + "1202ffff", // id of 2 bytes
                PING_1 + "1200",
                PING_1 + "1a02ffff", // target of 2 bytes
                PING_1 + "2200", // relay of none, of 5, to port 0
                PING_1 + "2a00",
                PING_1 + "22050a0000020f",
                PING_1 + "22060a0000020000",
                PING_1 + "2a060a0000030000",
                PING_1 + "22060a0000020fa2" + "2a060a0000030fa3", // to be passed on, and was
                PING_1 + "4102030405060708", // cut in what is skipped
                PING_1 + "4205ffff",
                "00010a02ffff", // id of 2 bytes
                "00012202ffff", // token of 2 bytes
                "0001124d00" // cut in the contacts
            })
    void c3WhatIsNoMessageIsMalformed(String hex) {
        ByteBuffer datagram = ByteBuffer.wrap(Bytes.parse(hex).toByteArray());

        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> codec.decode(datagram));
        assertThat(datagram.hasRemaining()).isFalse();
    }

    @Test
    void aReplyMayBeItsHeaderAlone() throws MalformedMessageException {
        assertThat(decoded("0001")).isEqualTo(reply(null, null, 0, null));
    }

    @Test
    void theTransactionThatTheSeedNeverIssuesIsReadToo() throws MalformedMessageException {
        Request last = new Request(32_767, null, null, PING, null, null, null);

        assertThat(decoded("ffff0a055f70696e67")).isEqualTo(last);
        assertThat(codec.decode(encoded(last))).isEqualTo(last);
    }

    @Test
    void aTokenOfAnyLengthIsPassedOnForTheNodeToJudge() throws MalformedMessageException {
        Command store = Command.of("store");

        assertThat(decoded(STORE_1 + "3202ffff")).isEqualTo(request(store, true, Bytes.parse("ffff"), null, 0));
        assertThat(decoded(STORE_1 + "3200")).isEqualTo(request(store, true, Bytes.EMPTY, null, 0));
        assertThat(decoded(PING_1 + "3202ffff")).isEqualTo(request(PING, false, Bytes.parse("ffff"), null, 0));
    }

    @Test
    void aRelayOfAnyCommandIsReadForTheNodeToJudge() throws MalformedMessageException {
        Relay relay = new Relay(Relay.Kind.ANSWER_TO, Endpoint.parse("10.0.0.3:4003"));

        assertThat(decoded(STORE_1 + "2a060a0000030fa3"))
                .isEqualTo(request(Command.of("store"), false, null, relay, 0));
        assertThat(decoded("80010a0a5f66696e645f6e6f64652a060a0000030fa3"))
                .isEqualTo(request(Command.FIND_NODE, false, null, relay, 0));
    }

    @Test
    void ofFiveHundredContactsTheFirstTwentyAreRead() throws MalformedMessageException {
        String contact = "cc".repeat(32) + "c00002010cd2";

        Reply reply = (Reply) decoded("000112b894" + "01" + contact.repeat(500));
        assertThat(reply.contacts()).isEqualTo(Collections.nCopies(20, new Contact(ID, IPV4)));
    }

    @Test
    void contactsAtPort0AreLeftOutAndSoIsARemainder() throws MalformedMessageException {
        String id = "cc".repeat(32);

        Reply reply = (Reply) decoded("0001124f" + id + "c00002010000" + id + "c00002010cd2" + "ffffff");
        assertThat(reply.contacts()).containsExactly(new Contact(ID, IPV4));
    }

    @Test
    void commandsOfTheApplicationThatOnlyLookBuiltInAreToldApart() throws MalformedMessageException {
        for (String name : List.of("ping", "find_node", "_ping_", "__ping", "_PING", "0")) {
            Request request = request(Command.of(name), false, null, null, 0);
            assertThat(codec.decode(encoded(request))).isEqualTo(request);
        }
        assertThat(codec.wire().commands())
                .accepts(PING, Command.FIND_NODE, Command.of("ping"), Command.of("_x"), Command.of("\uD83D\uDE00"))
                .rejects(Command.of("_ping"), Command.of("_find_node"), Command.PING_NAT, Command.builtIn(99));
    }

    @Test
    void lengthsAreAsLongAsTheyMustBe() throws MalformedMessageException {
        for (int size : new int[] {0, 1, 127, 128, 129, 16_383, 16_384, 60_000}) {
            Reply reply = reply(null, null, 0, Bytes.of(new byte[size]));
            assertThat(codec.size(reply)).isEqualTo(3 + (size < 128 ? 1 : size < 16_384 ? 2 : 3) + size);
            assertThat(codec.decode(encoded(reply))).isEqualTo(reply);
        }
        for (int length = 1; length <= Command.MAX_NAME_BYTES; length++) {
            Request request = request(Command.of("x".repeat(length)), false, null, null, 0);
            assertThat(codec.decode(encoded(request))).isEqualTo(request);
        }
    }

    @Test
    void c8AReplyWithTwentyContactsAndAValueOfAThousandBytesFit() {
        List<Contact> twenty = Collections.nCopies(20, new Contact(ID, IPV4));

        assertThat(codec.size(new Reply(1, ID, null, twenty, TOKEN, 0, null))).isEqualTo(833);
        assertThat(codec.size(new Reply(1, ID, null, null, TOKEN, 0, Bytes.of(new byte[1000]))))
                .isEqualTo(1073);
        assertThat(codec.wire().maxDatagram()).isEqualTo(1200);
    }

    static Stream<Arguments> inexpressible() {
        Command store = Command.of("store");
        Contact sound = new Contact(ID, IPV4);
        return Stream.of(
                arguments("transaction", new Request(32_768, null, null, PING, null, null, null)),
                arguments("transaction", new Request(-1, null, null, PING, null, null, null)),
                arguments("token", new Request(1, null, null, PING, null, Bytes.of(new byte[8]), null)),
                arguments("token", reply(null, Bytes.EMPTY, 0, null)),
                arguments("command", request(Command.of("_ping"), false, null, null, 0)),
                arguments("command", request(Command.of("_find_node"), false, null, null, 0)),
                arguments("command", request(Command.DOWN_HINT, false, null, null, 0)),
                arguments("commit", request(store, true, null, null, 0)),
                arguments("commit", request(store, false, TOKEN, null, 0)),
                arguments("commit", request(PING, true, TOKEN, null, 0)),
                arguments("relay", request(PING, false, null, new Relay(Relay.Kind.FORWARD_TO, PORT_0), 0)),
                arguments("relay", request(PING, false, null, new Relay(Relay.Kind.ANSWER_TO, IPV6), 0)),
                arguments("padding", request(PING, false, null, null, 1)),
                arguments("error", reply(null, null, ErrorCode.UNKNOWN_COMMAND, null)),
                arguments("contacts", reply(Collections.nCopies(21, sound), null, 0, null)),
                arguments("contact", reply(List.of(sound, new Contact(ID, PORT_0)), null, 0, null)),
                arguments("contact", reply(List.of(sound, new Contact(ID, IPV6)), null, 0, null)));
    }

    @ParameterizedTest
    @MethodSource("inexpressible")
    void c4WhatTheWireCannotExpressIsRefusedByNameAndNothingWritten(String field, Message message) {
        ByteBuffer buffer = ByteBuffer.allocate(2000);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.size(message))
                .withMessageContaining(field);
        assertThatIllegalArgumentException().isThrownBy(() -> codec.encode(message, buffer));
        assertThat(buffer.position()).isZero();
        assertThat(buffer).isEqualTo(ByteBuffer.allocate(2000));
    }

    @Test
    void toWhomAMessageGoesIsNotWritten() {
        Request request = request(PING, false, null, null, 0);

        assertThat(encoded(Requests.to(IPV6, request))).isEqualTo(encoded(request));
    }

    private static Request request(
            Command command, boolean commit, @Nullable Bytes token, @Nullable Relay relay, int padding) {
        return new Request(1, null, null, command, null, commit, token, null, relay, padding);
    }

    private static Reply reply(
            @Nullable List<Contact> contacts, @Nullable Bytes token, int error, @Nullable Bytes value) {
        return new Reply(1, null, null, contacts, token, error, value);
    }

    private Message decoded(String hex) throws MalformedMessageException {
        return codec.decode(Bytes.parse(hex).toByteBuffer());
    }

    private ByteBuffer encoded(Message message) {
        ByteBuffer buffer = ByteBuffer.allocate(codec.size(message));
        codec.encode(message, buffer);
        return buffer.flip();
    }
}
