package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Test;

class ByReferenceTest {
    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(21).byReference().build();
    private final SimulatedHost here = network.host();
    private final SimulatedHost there = network.host();
    private final ToyCodec real = new ToyCodec();
    private final Codec codec = here.codec(real);
    private final Message message = ToyCodec.ping(5, Bytes.utf8("twenty bytes of text"));

    private ByteBuffer encoded(Message message) {
        return encoded(message, codec);
    }

    private static ByteBuffer encoded(Message message, Codec codec) {
        ByteBuffer buffer = ByteBuffer.allocate(codec.size(message));
        codec.encode(message, buffer);
        return buffer.flip();
    }

    private void assertMalformed(ByteBuffer buffer) {
        assertThatThrownBy(() -> codec.decode(buffer)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void wireAndSizesAreTheRealOnes() {
        assertThat(codec.wire()).isSameAs(real.wire());
        assertThat(codec.size(message)).isEqualTo(real.size(message)).isEqualTo(31);
    }

    @Test
    void theVeryMessageArrives() {
        List<Message> received = new ArrayList<>();
        Codec theirs = there.codec(new ToyCodec());
        there.transport().open((from, datagram) -> {
            assertThat(datagram.remaining()).isEqualTo(31);
            try {
                received.add(theirs.decode(datagram));
            } catch (MalformedMessageException e) {
                throw new AssertionError(e);
            }
            assertThat(datagram.hasRemaining()).isFalse();
        });
        here.transport().send(there.endpoint(), encoded(message));
        network.run(Duration.ofSeconds(1));
        assertThat(received).hasSize(1);
        assertThat(received.get(0)).isSameAs(message);
    }

    @Test
    void encodeMovesThePositionByTheSizeInABufferOfAnyKind() throws MalformedMessageException {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(100).order(ByteOrder.LITTLE_ENDIAN).position(7);
        codec.encode(message, buffer);
        assertThat(buffer.position()).isEqualTo(38);
        assertThat(codec.decode(buffer.flip().position(7))).isSameAs(message);
        assertThat(buffer.remaining()).isZero();
    }

    @Test
    void encodeRefusesABufferThatIsTooSmallAndWritesNothing() {
        ByteBuffer buffer = ByteBuffer.allocate(30);
        assertThatThrownBy(() -> codec.encode(message, buffer)).isInstanceOf(BufferOverflowException.class);
        assertThat(buffer).isEqualTo(ByteBuffer.allocate(30));
    }

    @Test
    void decodingTwiceYieldsTheSame() throws MalformedMessageException {
        ByteBuffer buffer = encoded(message);
        assertThat(codec.decode(buffer.duplicate())).isSameAs(message);
        assertThat(codec.decode(buffer.duplicate())).isSameAs(message);
    }

    @Test
    void foreignBytesAreMalformed() {
        assertMalformed(ByteBuffer.allocate(0));
        assertMalformed(ByteBuffer.allocate(31));
        Codec ofAnotherNetwork =
                SimulatedNetwork.seeded(22).byReference().build().host().codec(real);
        assertMalformed(encoded(message, ofAnotherNetwork));
        RandomStream random = new RandomStream(1);
        byte[] bytes = new byte[31];
        for (int i = 0; i < 1_000; i++) {
            random.nextBytes(bytes);
            assertMalformed(ByteBuffer.wrap(bytes));
        }
    }

    @Test
    void aDatagramThatWasCutOrExtendedIsMalformed() {
        assertMalformed(encoded(message).limit(30));
        assertMalformed(encoded(message).limit(7));
        assertMalformed(ByteBuffer.allocate(32).put(encoded(message)).rewind());
    }

    @Test
    void aDestroyedTicketIsMalformed() {
        ByteBuffer buffer = encoded(message);
        Tickets.destroy(buffer);
        assertMalformed(buffer);
    }

    @Test
    void aTicketGrowsStale() throws MalformedMessageException {
        ByteBuffer old = encoded(message);
        for (int i = 1; i < Tickets.KEPT; i++) {
            encoded(message);
        }
        assertThat(codec.decode(old.duplicate())).isSameAs(message);
        encoded(message);
        assertMalformed(old);
    }

    @Test
    void moreMessagesThanTicketsCanBeUnderWay() {
        List<Long> received = new ArrayList<>();
        Codec theirs = there.codec(new ToyCodec());
        there.transport().open((from, datagram) -> {
            try {
                received.add(theirs.decode(datagram).transaction());
            } catch (MalformedMessageException e) {
                throw new AssertionError(e);
            }
        });
        for (int i = 0; i < 3 * Tickets.KEPT; i++) {
            here.transport().send(there.endpoint(), encoded(ToyCodec.ping(i, Bytes.EMPTY)));
        }
        network.run(Duration.ofSeconds(1));
        assertThat(received).hasSize(3 * Tickets.KEPT).doesNotHaveDuplicates();
    }

    @Test
    void whatIsNoTicketTravelsAsBytes() {
        List<Bytes> received = new ArrayList<>();
        there.transport().open((from, datagram) -> received.add(Bytes.copyOf(datagram)));
        Transport transport = here.transport();
        transport.send(there.endpoint(), Bytes.utf8("STUN").toByteBuffer());
        transport.send(there.endpoint(), Bytes.utf8("a longer one").toByteBuffer());
        network.run(Duration.ofSeconds(1));
        assertThat(received).containsExactlyInAnyOrder(Bytes.utf8("STUN"), Bytes.utf8("a longer one"));
    }
}
