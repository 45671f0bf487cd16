package org.dhtrpc.codec.msgpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.dhtrpc.message.Command.FIND_NODE;
import static org.dhtrpc.message.Command.PING;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
import org.dhtrpc.spi.MalformedMessageException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes against messages, both written by hand. A vector that was published stays as it is (C10). */
class MsgpackVectorsTest {
    private static final long TRANSACTION = 0x0102030405060708L;
    private static final Endpoint IPV4 = Endpoint.parse("192.0.2.1:3282");
    private static final Endpoint IPV6 = Endpoint.parse("[2001:db8::1]:3282");
    private static final Endpoint OTHER = Endpoint.parse("198.51.100.7:49737");
    private static final Key ID = Key.of(bytes(0x00, 32));
    private static final Key TARGET = Key.of(bytes(0xA0, 32));
    private static final Bytes TOKEN = bytes(1, 8);
    private static final Bytes HELLO = Bytes.utf8("hello");
    private static final Command GET = Command.of("get");
    private static final List<Contact> CONTACTS =
            List.of(new Contact(Key.of(bytes(0x40, 32)), OTHER), new Contact(Key.of(bytes(0x60, 32)), IPV6));

    static final Map<String, Message> PUBLISHED = new TreeMap<>(Map.ofEntries(
            Map.entry("ping-ephemeral", ping(IPV4)),
            Map.entry("ping-with-id", new Request(TRANSACTION, ID, IPV6, PING, null, null, null)),
            Map.entry("find-node", new Request(TRANSACTION, null, IPV4, FIND_NODE, TARGET, null, null)),
            Map.entry("command-with-value", new Request(TRANSACTION, ID, IPV4, GET, TARGET, null, HELLO)),
            Map.entry(
                    "command-utf8",
                    new Request(TRANSACTION, null, IPV4, Command.of("\u20AC".repeat(11)), TARGET, null, null)),
            Map.entry("empty-value", new Request(TRANSACTION, null, IPV4, GET, TARGET, null, Bytes.EMPTY)),
            Map.entry(
                    "long-value",
                    new Request(TRANSACTION, null, IPV4, GET, TARGET, null, Bytes.parse("ee".repeat(300)))),
            Map.entry(
                    "commit",
                    new Request(TRANSACTION, ID, IPV4, Command.of("put"), TARGET, true, TOKEN, HELLO, null, 0)),
            Map.entry("query-with-token", new Request(TRANSACTION, ID, IPV4, GET, TARGET, TOKEN, null)),
            Map.entry(
                    "commit-without-token",
                    new Request(TRANSACTION, ID, IPV4, Command.of("put"), TARGET, true, null, null, null, 0)),
            Map.entry("padded", new Request(TRANSACTION, null, IPV4, FIND_NODE, TARGET, false, null, null, null, 20)),
            Map.entry(
                    "relay-forward-to",
                    new Request(
                            TRANSACTION,
                            ID,
                            IPV4,
                            PING,
                            null,
                            false,
                            null,
                            null,
                            new Relay(Relay.Kind.FORWARD_TO, IPV6),
                            0)),
            Map.entry(
                    "relay-answer-to",
                    new Request(
                            TRANSACTION,
                            ID,
                            IPV4,
                            PING,
                            null,
                            false,
                            null,
                            null,
                            new Relay(Relay.Kind.ANSWER_TO, OTHER),
                            0)),
            Map.entry(
                    "unknown-built-in", new Request(TRANSACTION, null, IPV4, Command.builtIn(1000), null, null, null)),
            Map.entry(
                    "largest-built-in",
                    new Request(TRANSACTION, null, IPV4, Command.builtIn(Integer.MAX_VALUE), null, null, null)),
            Map.entry("negative-transaction", new Request(-2, null, IPV4, PING, null, null, null)),
            Map.entry("smallest-transaction", new Request(Long.MIN_VALUE, null, IPV4, PING, null, null, null)),
            Map.entry("pong", new Reply(1, ID, IPV4, null, null, ErrorCode.NONE, null)),
            Map.entry("found-none", new Reply(TRANSACTION, ID, IPV4, List.of(), TOKEN, ErrorCode.NONE, null)),
            Map.entry("found-two", new Reply(TRANSACTION, ID, IPV4, CONTACTS, TOKEN, ErrorCode.NONE, null)),
            Map.entry("value-and-contacts", new Reply(TRANSACTION, ID, IPV6, CONTACTS, TOKEN, ErrorCode.NONE, HELLO)),
            Map.entry(
                    "error-unknown-command",
                    new Reply(TRANSACTION, ID, IPV4, CONTACTS, TOKEN, ErrorCode.UNKNOWN_COMMAND, null)),
            Map.entry(
                    "error-invalid-token",
                    new Reply(TRANSACTION, ID, IPV4, null, TOKEN, ErrorCode.INVALID_TOKEN, null)),
            Map.entry(
                    "error-prove-address",
                    new Reply(TRANSACTION, ID, IPV4, null, TOKEN, ErrorCode.PROVE_ADDRESS, null)),
            Map.entry(
                    "error-of-the-application",
                    new Reply(TRANSACTION, null, IPV4, null, null, ErrorCode.MAX, Bytes.utf8("no")))));

    static final Map<String, Message> READABLE = new TreeMap<>(Map.of(
            "more-elements",
            ping(IPV4),
            "more-elements-of-a-reply",
            new Reply(1, ID, IPV4, null, null, ErrorCode.NONE, null),
            "sixteen-elements",
            ping(IPV4),
            "long-forms",
            new Request(1, null, IPV4, GET, TARGET, null, null),
            "padding-of-ones",
            new Request(1, null, IPV4, PING, null, false, null, null, null, 3),
            "padding-empty",
            ping(IPV4)));

    private final MsgpackCodec codec = new MsgpackCodec();

    /** The bytes of these files, and what they say. */
    static Map<Bytes, Message> datagrams(Map<String, byte[]> files, Map<String, Message> messages) {
        Map<Bytes, Message> datagrams = new LinkedHashMap<>();
        files.forEach((name, bytes) -> datagrams.put(Bytes.of(bytes), Objects.requireNonNull(messages.get(name))));
        return datagrams;
    }

    /** A request with only what it must have. */
    static Request ping(@Nullable Endpoint to) {
        return new Request(1, null, to, PING, null, null, null);
    }

    @Test
    void everyFileIsTested() {
        assertThat(Vectors.PUBLISHED.keySet()).isEqualTo(PUBLISHED.keySet());
        assertThat(Vectors.READABLE.keySet()).isEqualTo(READABLE.keySet());
        assertThat(Vectors.MALFORMED).hasSizeGreaterThan(50);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("published")
    void c10PublishedBytesAreReadAsTheirMessage(String name) throws MalformedMessageException {
        assertThat(codec.decode(buffer(Vectors.PUBLISHED, name))).isEqualTo(PUBLISHED.get(name));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("published")
    void c10MessagesAreWrittenAsThePublishedBytes(String name) {
        Message message = Objects.requireNonNull(PUBLISHED.get(name));
        ByteBuffer written = ByteBuffer.allocate(codec.size(message));
        codec.encode(message, written);

        assertThat(Bytes.of(written.array())).isEqualTo(Bytes.copyOf(buffer(Vectors.PUBLISHED, name)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readable")
    void c6WhatALaterVersionOrAnotherWriterMaySayIsRead(String name) throws MalformedMessageException {
        assertThat(codec.decode(buffer(Vectors.READABLE, name))).isEqualTo(READABLE.get(name));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void c3AndC5WhatTheProtocolForbidsIsMalformed(String name) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> codec.decode(buffer(Vectors.MALFORMED, name)))
                .withMessageNotContaining("null");
    }

    @Test
    void anUnknownBuiltInIsStillOneOfTheProtocolsCommands() throws MalformedMessageException {
        Request request = (Request) codec.decode(buffer(Vectors.PUBLISHED, "unknown-built-in"));

        assertThat(request.command().builtIn()).isTrue();
        assertThat(request.command().number()).isEqualTo(1000);
    }

    private static Stream<String> published() {
        return PUBLISHED.keySet().stream();
    }

    private static Stream<String> readable() {
        return READABLE.keySet().stream();
    }

    private static Stream<String> malformed() {
        return Vectors.MALFORMED.keySet().stream();
    }

    private static ByteBuffer buffer(Map<String, byte[]> vectors, String name) {
        return ByteBuffer.wrap(Objects.requireNonNull(vectors.get(name)));
    }

    private static Bytes bytes(int first, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (first + i);
        }
        return Bytes.of(bytes);
    }
}
