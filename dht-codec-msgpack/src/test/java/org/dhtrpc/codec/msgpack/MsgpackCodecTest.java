package org.dhtrpc.codec.msgpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MsgpackCodecTest {
    private static final long SEED = 20_261_122;
    private static final int ROUNDS = 20_000;
    private static final Endpoint IPV4 = Endpoint.parse("192.0.2.1:3282");
    private static final Endpoint IPV6 = Endpoint.parse("[2001:db8::1]:3282");
    private static final Endpoint PORT_0 = Endpoint.parse("192.0.2.1:0");
    private static final Bytes TOKEN = Bytes.parse("0102030405060708");
    private static final Bytes LARGE_VALUE = Bytes.of(new byte[1000]);

    private final MsgpackCodec codec = new MsgpackCodec();

    @Test
    void c1WhatIsWrittenIsReadBackAsAnEqualMessage() {
        Seeded.rounds(ROUNDS, random -> {
            Message message = new RandomMessages(random.nextLong()).next();
            assertThat(read(encoded(message))).isEqualTo(message);
        });
    }

    private Message read(ByteBuffer datagram) {
        try {
            return codec.decode(datagram);
        } catch (MalformedMessageException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void c2EqualMessagesGiveEqualBytesFromAnyCodec() {
        RandomMessages messages = new RandomMessages(SEED);
        RandomMessages equalMessages = new RandomMessages(SEED);
        MsgpackCodec other = new MsgpackCodec();
        for (int i = 0; i < 1000; i++) {
            Message message = messages.next();
            ByteBuffer again = ByteBuffer.allocate(codec.size(message));
            other.encode(equalMessages.next(), again);
            assertThat(again.flip()).as("seed %s, message %s", SEED, i).isEqualTo(encoded(message));
        }
    }

    @Test
    void c4ExactlyAsManyBytesAreWrittenAsTheSizeSays() {
        RandomMessages messages = new RandomMessages(SEED);
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        for (int i = 0; i < ROUNDS; i++) {
            Message message = messages.next();
            codec.encode(message, buffer.clear());
            assertThat(buffer.position()).as("seed %s, message %s", SEED, i).isEqualTo(codec.size(message));
        }
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

    @Test
    void c4WhatDoesNotFitLeavesTheBufferAsItWas() {
        RandomMessages messages = new RandomMessages(SEED);
        for (int i = 0; i < 1000; i++) {
            Message message = messages.next();
            ByteBuffer buffer = i % 2 == 0 ? ByteBuffer.allocate(2000) : ByteBuffer.allocateDirect(2000);
            buffer.position(7).limit(7 + codec.size(message) - 1);
            assertThatExceptionOfType(BufferOverflowException.class).isThrownBy(() -> codec.encode(message, buffer));
            assertThat(buffer.position()).isEqualTo(7);
            assertThat(buffer.clear()).isEqualTo(ByteBuffer.allocate(2000));
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
                RandomMessages.ping(null),
                RandomMessages.ping(PORT_0),
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
    void c7EveryDatagramBeginsWithTheHeadOfAnArrayWhichStunNeverDoes() {
        RandomMessages messages = new RandomMessages(SEED);
        for (int i = 0; i < 1000; i++) {
            Message message = messages.next();
            assertThat(encoded(message).get(0)).isEqualTo(message instanceof Request ? (byte) 0x9C : (byte) 0x99);
        }
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
    void c9ManyThreadsMayUseOneCodecAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> tasks =
                    List.of(roundTrips(1), roundTrips(2), roundTrips(3), roundTrips(4), roundTrips(5));
            for (Future<Boolean> task : threads.invokeAll(tasks)) {
                assertThat(task.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Callable<Boolean> roundTrips(long seed) {
        return () -> {
            RandomMessages messages = new RandomMessages(seed);
            for (int i = 0; i < 5000; i++) {
                Message message = messages.next();
                if (!codec.decode(encoded(message)).equals(message)) {
                    return false;
                }
            }
            return true;
        };
    }

    @Test
    void c11AnyKindOfBufferServesAndOnlyBetweenItsPositionAndItsLimit() throws MalformedMessageException {
        RandomMessages messages = new RandomMessages(SEED);
        for (int i = 0; i < 1000; i++) {
            Message message = messages.next();
            int size = codec.size(message);
            for (ByteBuffer whole : buffers(size + 20)) {
                ByteBuffer buffer = whole.position(5).slice().order(whole.order());
                buffer.position(3).limit(3 + size);
                codec.encode(message, buffer);
                assertThat(buffer.position()).isEqualTo(3 + size);

                buffer.position(3);
                assertThat(codec.decode(buffer.asReadOnlyBuffer())).isEqualTo(message);
                assertThat(codec.decode(buffer)).isEqualTo(message);
                assertThat(buffer.remaining()).isZero();
                assertThat(outside(whole, 8, size)).containsOnly((byte) 0x55);
            }
        }
    }

    private static List<ByteBuffer> buffers(int size) {
        List<ByteBuffer> buffers = List.of(
                ByteBuffer.allocate(size),
                ByteBuffer.allocateDirect(size),
                ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN),
                ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN));
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining()) {
                buffer.put((byte) 0x55);
            }
            buffer.clear();
        }
        return buffers;
    }

    /** What is left and right of {@code size} bytes at {@code from}. */
    private static byte[] outside(ByteBuffer buffer, int from, int size) {
        byte[] all = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(all);
        byte[] outside = Arrays.copyOf(all, all.length - size);
        System.arraycopy(all, from + size, outside, from, all.length - size - from);
        return outside;
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
    void c11WhatIsDecodedDoesNotChangeWithTheBufferItCameFrom() throws MalformedMessageException {
        Message message = request(Command.PING, Bytes.utf8("hello"), 0);
        ByteBuffer buffer = encoded(message);
        Message decoded = codec.decode(buffer.duplicate());
        buffer.duplicate().put(new byte[buffer.remaining()]);

        assertThat(decoded).isEqualTo(message);
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
