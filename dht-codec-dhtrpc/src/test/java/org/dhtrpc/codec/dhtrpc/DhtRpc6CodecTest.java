package org.dhtrpc.codec.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.dhtrpc.codec.dhtrpc.Published6.REQUESTER;
import static org.dhtrpc.message.Command.PING;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract, and what is special to this wire. */
class DhtRpc6CodecTest extends CodecContract {
    private static final Endpoint IPV6 = Endpoint.parse("[2001:db8::1]:3282");
    private static final Endpoint PORT_0 = Endpoint.parse("192.0.2.1:0");
    private static final Bytes TOKEN = Bytes.of(new byte[32]);

    private final DhtRpc6Codec codec = new DhtRpc6Codec();

    @Override
    protected Codec codec() {
        return codec;
    }

    @Override
    protected Message sent(Message message) {
        return message instanceof Request request ? Requests.committing(request, null) : message;
    }

    /** Contacts travel without their ids. */
    @Override
    protected Message carried(Message message) {
        return message instanceof Reply reply && reply.contacts() != null
                ? reply.withContacts(reply.contacts().stream()
                        .map(contact -> AddressIds.contact(contact.endpoint()))
                        .toList())
                : message;
    }

    @Override
    protected Map<Bytes, Message> published() {
        return Vectors.datagrams(Vectors.DHT_RPC_6, Published6.MESSAGES);
    }

    /** What peers read too: flags that mean nothing yet, bytes behind the message, numbers that could be shorter. */
    @Override
    protected Map<Bytes, Message> later() {
        Message ping = Objects.requireNonNull(Published6.MESSAGES.get("ping-ephemeral"));
        return Map.of(
                Bytes.parse("03e434120a000002a20f00"), ping,
                Bytes.parse("03fd040034120a000002a20f00"), ping,
                Bytes.parse("03fee4ffffff34120a000002a20f00"), ping,
                Bytes.parse("030434120a000002a20f00ffeedd"), ping,
                Bytes.parse("030434120a000002a20ffd0000"), ping,
                Bytes.parse("030434120a000002a20ffe00000000"), ping,
                Bytes.parse("030434120a000002a20fff0000000000000000"), ping,
                Bytes.parse("131034120a000003a30ffd010077"), reply(null, null, 0, Bytes.parse("77")),
                Bytes.parse("130834120a000003a30f00"), reply(null, null, 0, null));
    }

    @Override
    protected boolean strict() {
        return false;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "03",
                "130034120a000003a3", // cut in the receiver's port
                "020434120a000002a20f00", // version 2
                "230434120a000002a20f00", // neither request nor reply
                "030434120a000002000000", // to port 0
                "030434120a000002a20f", // no command
                "030034120a000002a20ffe00000080", // command 2^31
                "030434120a000002a20ffeffffffff", // built-in 2^32-1
                "030034120a000002a20fffffffffffffffffff", // command 2^64-1
                "030534120a000002a20f00", // no id
                "031434120a000002a20f0003ffff", // cut in the value
                "031434120a000002a20f00ff0000000000000080", // value of 2^63 bytes
                "130434120a000003a30f", // no count
                "130434120a000003a30f020a000002a20f", // one of two contacts
                "130434120a000003a30f15", // 21 contacts
                "130834120a000003a30ffe00000080" // error 2^31
            })
    void c3WhatIsNoMessageIsMalformed(String hex) {
        ByteBuffer datagram = ByteBuffer.wrap(Bytes.parse(hex).toByteArray());

        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> codec.decode(datagram));
        assertThat(datagram.hasRemaining()).isFalse();
    }

    @Test
    void moreContactsThanTwentyAreMalformedEvenIfTheyAreThere() {
        String contacts = "0a000002a20f".repeat(21);

        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> decoded("130434120a000003a30f15" + contacts));
    }

    @Test
    void contactsAtPort0AreLeftOut() throws MalformedMessageException {
        Endpoint other = Endpoint.parse("192.0.2.1:3282");

        assertThat(decoded("130434120a000003a30f02" + "c0000201d20c" + "0a0000030000"))
                .isEqualTo(reply(List.of(AddressIds.contact(other)), null, 0, null));
    }

    @Test
    void anErrorOfTheApplicationsMayBeAnyNumber() throws MalformedMessageException {
        assertThat(decoded("130834120a000003a30ffe70110100")).isEqualTo(reply(null, null, 70_000, null));
        assertThat(decoded("130834120a000003a30ffeffffff7f")).isEqualTo(reply(null, null, Integer.MAX_VALUE, null));
    }

    @Test
    void theTokenAloneTellsACommit() throws MalformedMessageException {
        String to = "0a000003a30f";

        assertThat(decoded("03020100" + to + "00".repeat(32) + "07"))
                .isEqualTo(new Request(1, null, REQUESTER, Command.of(7), null, true, TOKEN, null, null, 0));
        assertThat(decoded("03060100" + to + "00".repeat(32) + "02"))
                .isEqualTo(new Request(1, null, REQUESTER, Command.FIND_NODE, null, false, TOKEN, null, null, 0));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "252,1", "253,3", "254,3", "255,3", "256,3", "65535,3", "65536,5", "2147483647,5"})
    void aNumberTakesAsFewBytesAsItCan(int number, int bytes) throws MalformedMessageException {
        Request request = new Request(1, null, REQUESTER, Command.of(number), null, null, null);
        Request builtIn = new Request(1, null, REQUESTER, Command.builtIn(number), null, null, null);
        Reply error = reply(null, null, number, null);

        for (Message message : List.of(request, builtIn)) {
            assertThat(codec.size(message)).isEqualTo(10 + bytes);
            assertThat(codec.decode(encoded(message))).isEqualTo(message);
        }
        assertThat(codec.size(error)).isEqualTo(number == 0 ? 10 : 10 + bytes);
        assertThat(codec.decode(encoded(error))).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "252,1", "253,3", "1400,3"})
    void aValueIsAsLongAsItsLengthSays(int length, int bytes) throws MalformedMessageException {
        Reply reply = reply(null, null, 0, Bytes.of(new byte[length]));

        assertThat(codec.size(reply)).isEqualTo(10 + bytes + length);
        assertThat(codec.decode(encoded(reply))).isEqualTo(reply);
    }

    @Test
    void whatPeersTakeIsReadAndOneByteMoreIsNot() throws MalformedMessageException {
        Reply largest = reply(null, null, 0, Bytes.of(new byte[2048 - 10 - 3]));
        Reply larger = reply(null, null, 0, Bytes.of(new byte[2049 - 10 - 3]));

        assertThat(codec.size(largest)).isEqualTo(2048);
        assertThat(codec.decode(encoded(largest))).isEqualTo(largest);
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> codec.decode(encoded(larger)));
    }

    @Test
    void c8AReplyWithTwentyContactsAndAValueOfAThousandBytesFit() {
        List<Contact> twenty = Collections.nCopies(20, new Contact(Key.ZERO, REQUESTER));

        assertThat(codec.size(new Reply(0xFFFF, Key.ZERO, REQUESTER, twenty, TOKEN, 65_535, null)))
                .isEqualTo(198);
        assertThat(codec.size(new Reply(0xFFFF, Key.ZERO, REQUESTER, null, TOKEN, 65_535, Bytes.of(new byte[1000]))))
                .isEqualTo(1080);
        assertThat(codec.wire().maxDatagram()).isEqualTo(1200);
    }

    static Stream<Arguments> inexpressible() {
        Contact port0 = new Contact(Key.ZERO, PORT_0);
        Contact ipv6 = new Contact(Key.ZERO, IPV6);
        Contact sound = new Contact(Key.ZERO, REQUESTER);
        Command seven = Command.of(7);
        return Stream.of(
                arguments("to", new Request(1, null, null, PING, null, null, null)),
                arguments("to", new Request(1, null, IPV6, PING, null, null, null)),
                arguments("to", new Request(1, null, PORT_0, PING, null, null, null)),
                arguments("transaction", new Request(65_536, null, REQUESTER, PING, null, null, null)),
                arguments("transaction", new Request(-1, null, REQUESTER, PING, null, null, null)),
                arguments("token", new Request(1, null, REQUESTER, PING, null, Bytes.of(new byte[8]), null)),
                arguments("token", reply(null, Bytes.EMPTY, 0, null)),
                arguments("command", new Request(1, null, REQUESTER, Command.of("put"), null, null, null)),
                arguments("command", new Request(1, null, REQUESTER, Command.of("2147483648"), null, null, null)),
                arguments("commit", request(seven, true, null, null, 0)),
                arguments("commit", request(seven, false, TOKEN, null, 0)),
                arguments("commit", request(PING, true, TOKEN, null, 0)),
                arguments("relay", request(PING, false, null, new Relay(Relay.Kind.FORWARD_TO, REQUESTER), 0)),
                arguments("padding", request(PING, false, null, null, 1)),
                arguments("error", reply(null, null, -1, null)),
                arguments("contacts", reply(Collections.nCopies(21, sound), null, 0, null)),
                arguments("contact", reply(List.of(sound, port0), null, 0, null)),
                arguments("contact", reply(List.of(sound, ipv6), null, 0, null)));
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
    void c12TheWireTakesCommandsThatHaveANumber() {
        assertThat(codec.wire()).isEqualTo(new DhtRpc6Codec().wire());
        assertThat(codec.wire().commands())
                .accepts(PING, Command.builtIn(99), Command.of("0"), Command.of(Integer.MAX_VALUE))
                .rejects(Command.of("ping"), Command.of("01"), Command.of("2147483648"));
    }

    @Test
    void whoIsNamedAgainIsTheSameObject() throws MalformedMessageException {
        String datagram = "130434120a000003a30f01" + "c0000201d20c";

        List<Contact> once = Objects.requireNonNull(((Reply) decoded(datagram)).contacts());
        assertThat(((Reply) decoded(datagram)).contacts()).element(0).isSameAs(once.get(0));
    }

    private static Request request(
            Command command, boolean commit, @Nullable Bytes token, @Nullable Relay relay, int padding) {
        return new Request(1, null, REQUESTER, command, null, commit, token, null, relay, padding);
    }

    private static Reply reply(
            @Nullable List<Contact> contacts, @Nullable Bytes token, int error, @Nullable Bytes value) {
        return new Reply(0x1234, null, REQUESTER, contacts, token, error, value);
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
