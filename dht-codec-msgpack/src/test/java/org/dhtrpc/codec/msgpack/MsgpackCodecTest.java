package org.dhtrpc.codec.msgpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
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
import org.junit.jupiter.params.provider.MethodSource;

/** The contract, and what is special to this wire. */
class MsgpackCodecTest extends CodecContract {
    private static final Endpoint IPV4 = Endpoint.parse("192.0.2.1:3282");
    private static final Endpoint IPV6 = Endpoint.parse("[2001:db8::1]:3282");
    private static final Endpoint PORT_0 = Endpoint.parse("192.0.2.1:0");
    private static final Bytes TOKEN = Bytes.parse("0102030405060708");
    private static final Bytes LARGE_VALUE = Bytes.of(new byte[1000]);

    private final MsgpackCodec codec = new MsgpackCodec();

    @Override
    protected Codec codec() {
        return codec;
    }

    @Override
    protected Map<Bytes, Message> published() {
        return MsgpackVectorsTest.datagrams(Vectors.PUBLISHED, MsgpackVectorsTest.PUBLISHED);
    }

    @Override
    protected Map<Bytes, Message> later() {
        return MsgpackVectorsTest.datagrams(Vectors.READABLE, MsgpackVectorsTest.READABLE);
    }

    @Test
    void c4WhereALengthOrANumberTakesOneMoreByteTheSizeKnows() {
        for (int size : new int[] {0, 1, 31, 32, 254, 255, 256, 257, 65_535, 65_536}) {
            Message value = request(Command.PING, Bytes.of(new byte[size]), 0);
            assertThat(encoded(value).remaining()).as("value of %s", size).isEqualTo(codec.size(value));
            Message padded = request(Command.PING, null, size);
            assertThat(encoded(padded).remaining()).as("padding of %s", size).isEqualTo(codec.size(padded));
        }
        for (int length = 1; length <= Command.MAX_NAME_BYTES; length++) {
            Message message = request(Command.of("x".repeat(length)), null, 0);
            assertThat(encoded(message).remaining()).as("name of %s", length).isEqualTo(codec.size(message));
        }
    }

    @ParameterizedTest
    @MethodSource("inexpressible")
    void c4WhatTheWireCannotExpressIsRefusedAndNothingWritten(Message message) {
        ByteBuffer buffer = ByteBuffer.allocate(2000);

        assertThatIllegalArgumentException().isThrownBy(() -> codec.size(message));
        assertThatIllegalArgumentException().isThrownBy(() -> codec.encode(message, buffer));
        assertThat(buffer.position()).isZero();
        assertThat(buffer).isEqualTo(ByteBuffer.allocate(2000));
    }

    private static List<Message> inexpressible() {
        Key id = Key.ZERO;
        return List.of(
                MsgpackVectorsTest.ping(null),
                MsgpackVectorsTest.ping(PORT_0),
                new Reply(1, null, null, null, null, 0, null),
                new Reply(1, null, IPV4, null, null, -1, null),
                new Reply(1, null, IPV4, null, null, 65_536, null),
                new Reply(1, null, IPV4, List.of(new Contact(id, IPV4), new Contact(id, PORT_0)), null, 0, null),
                new Reply(1, null, IPV4, null, Bytes.EMPTY, 0, null),
                new Request(1, null, IPV4, Command.PING, null, Bytes.of(new byte[32]), null),
                new Request(
                        1,
                        null,
                        IPV4,
                        Command.PING,
                        null,
                        false,
                        null,
                        null,
                        new Relay(Relay.Kind.FORWARD_TO, PORT_0),
                        0),
                new Reply(1, null, IPV4, null, Bytes.of(new byte[9]), 0, null));
    }

    @Test
    void c12TheWireIsAlwaysTheSameAndExpressesEveryCommand() {
        assertThat(codec.wire()).isEqualTo(new MsgpackCodec().wire());
        assertThat(codec.wire().commands())
                .accepts(Command.PING, Command.builtIn(99), Command.of("ping"), Command.of("\uD83D\uDE00"));
    }

    @Test
    void c4AMessageLongerThanADatagramIsWrittenIfTheBufferHasRoomButNeverRead() {
        Message message = request(Command.PING, Bytes.of(new byte[70_000]), 0);
        ByteBuffer buffer = encoded(message);

        assertThat(buffer.remaining()).isEqualTo(codec.size(message)).isGreaterThan(70_000);
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> codec.decode(buffer));
    }

    @Test
    void theLargestDatagramIsReadAndOneByteMoreIsNot() throws MalformedMessageException {
        int rest = codec.size(request(Command.PING, Bytes.of(new byte[1000]), 0)) - 1000;
        Message largest = request(Command.PING, Bytes.of(new byte[1200 - rest]), 0);
        Message larger = request(Command.PING, Bytes.of(new byte[1201 - rest]), 0);

        assertThat(codec.size(largest)).isEqualTo(codec.wire().maxDatagram());
        assertThat(codec.decode(encoded(largest))).isEqualTo(largest);
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> codec.decode(encoded(larger)));
    }

    @Test
    void c8AReplyWithTwentyContactsFits() {
        Reply ipv6 = new Reply(Long.MIN_VALUE, Key.ZERO, IPV6, contacts(IPV6), TOKEN, 65_535, null);
        Reply ipv4 = new Reply(Long.MIN_VALUE, Key.ZERO, IPV4, contacts(IPV4), TOKEN, 0, null);

        assertThat(codec.size(ipv6))
                .isEqualTo(1103)
                .isLessThanOrEqualTo(codec.wire().maxDatagram());
        assertThat(codec.size(ipv4)).isEqualTo(849);
    }

    @Test
    void aValueOfAThousandBytesFitsWhateverElseARequestSays() {
        Relay relay = new Relay(Relay.Kind.FORWARD_TO, IPV6);
        Command command = Command.of("c".repeat(Command.MAX_NAME_BYTES));
        Request plain =
                new Request(Long.MIN_VALUE, Key.ZERO, IPV6, command, Key.ZERO, true, TOKEN, LARGE_VALUE, null, 0);
        Request relayed =
                new Request(Long.MIN_VALUE, Key.ZERO, IPV6, command, Key.ZERO, true, TOKEN, LARGE_VALUE, relay, 0);
        Reply reply = new Reply(Long.MIN_VALUE, Key.ZERO, IPV6, null, TOKEN, 65_535, LARGE_VALUE);

        assertThat(codec.size(plain)).isEqualTo(1166);
        assertThat(codec.size(relayed))
                .isEqualTo(1187)
                .isLessThanOrEqualTo(codec.wire().maxDatagram());
        assertThat(codec.size(reply))
                .isEqualTo(1083)
                .isLessThanOrEqualTo(codec.wire().maxDatagram());
    }

    @Test
    void aLookupsFirstRequestIsSmall() {
        Request request = new Request(Long.MIN_VALUE, null, IPV4, Command.FIND_NODE, Key.ZERO, null, null);

        assertThat(codec.size(request)).isEqualTo(61);
    }

    @Test
    void aMalformedDatagramIsConsumedToo() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[40]);
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> codec.decode(buffer));
        assertThat(buffer.remaining()).isZero();

        ByteBuffer large = ByteBuffer.wrap(new byte[4000]);
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> codec.decode(large));
        assertThat(large.remaining()).isZero();
    }

    @Test
    void c2ABufferThatCannotBeWrittenToLeavesNothingForTheNext() {
        Message message = request(Command.PING, TOKEN, 0);
        ByteBuffer before = encoded(message);

        assertThatExceptionOfType(ReadOnlyBufferException.class)
                .isThrownBy(() -> codec.encode(message, ByteBuffer.allocate(100).asReadOnlyBuffer()));
        assertThat(encoded(message)).isEqualTo(before);
    }

    @Test
    void c1ContactsAndCommandsThatAreNearlyTheSameAreToldApart() throws MalformedMessageException {
        List<Contact> contacts = List.of(
                new Contact(Key.ZERO, IPV4),
                new Contact(Key.ZERO, IPV6),
                new Contact(Key.ZERO, Endpoint.parse("192.0.2.1:3283")),
                new Contact(Key.ZERO.randomInBucket(0, new Random(1)), IPV4),
                new Contact(Key.ZERO, IPV4));
        Reply reply = new Reply(1, null, IPV4, contacts, null, 0, null);
        assertThat(codec.decode(encoded(reply))).isEqualTo(reply);

        for (String name : List.of("aba", "abaa", "aca", "aba")) {
            Message request = request(Command.of(name), null, 0);
            assertThat(codec.decode(encoded(request))).isEqualTo(request);
        }
    }

    @Test
    void whoIsNamedAgainIsTheSameObject() throws MalformedMessageException {
        Reply reply = new Reply(1, null, IPV4, contacts(IPV6), null, 0, null);

        List<Contact> once = ((Reply) codec.decode(encoded(reply))).contacts();
        List<Contact> again = ((Reply) codec.decode(encoded(reply))).contacts();
        assertThat(again).element(19).isSameAs(Objects.requireNonNull(once).get(0));
    }

    private ByteBuffer encoded(Message message) {
        ByteBuffer buffer = ByteBuffer.allocate(codec.size(message));
        codec.encode(message, buffer);
        return buffer.flip();
    }

    private static Request request(Command command, @Nullable Bytes value, int padding) {
        return new Request(1, null, IPV4, command, null, false, null, value, null, padding);
    }

    private static List<Contact> contacts(Endpoint endpoint) {
        return Collections.nCopies(20, new Contact(Key.ZERO, endpoint));
    }
}
