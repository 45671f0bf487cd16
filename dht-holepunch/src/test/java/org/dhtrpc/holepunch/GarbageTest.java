package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.Meeting.Sent;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is said to a referrer that can be read as STUN, also what nobody would say, throws nothing. */
class GarbageTest {
    private static final List<StunMessage.Kind> KINDS = List.of(StunMessage.Kind.values());
    private static final int[] METHODS = {
        Stun.BINDING, Stun.INTRODUCE, Stun.INTRODUCE, Stun.INVITE, Stun.NOTIFY, Stun.RELAY, 0x0, 0xFFF
    };
    private static final int[] ATTRIBUTES = {
        Stun.XOR_PEER_ADDRESS,
        Stun.XOR_MAPPED_ADDRESS,
        Stun.NONCE,
        Stun.KEY,
        Stun.PROFILE,
        Stun.CANDIDATE,
        Stun.RESUMES,
        Stun.EVENT,
        Stun.DATA,
        Stun.RELAY_LIMIT,
        Stun.ERROR_CODE,
        Stun.PADDING,
        Stun.FINGERPRINT,
        Stun.MESSAGE_INTEGRITY_SHA256,
        0,
        0xFFFF
    };

    private static int any(RandomGenerator random, int[] some) {
        return some[random.nextInt(some.length)];
    }

    private static byte[] bytes(RandomGenerator random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** An endpoint of a few, so that some of it makes sense, with all that an address can be. */
    private static Endpoint endpoint(RandomGenerator random) {
        return switch (random.nextInt(8)) {
            case 0 -> Endpoint.of(new byte[16], random.nextInt(2));
            case 1 -> Endpoint.parse("255.255.255.255:1");
            case 2 -> Meeting.REFERRER;
            case 3 -> Endpoint.parse("[2001:db8::7]:4000");
            case 4, 5 -> Meeting.PEER;
            default -> Meeting.CALLER;
        };
    }

    private static byte[] message(RandomGenerator random, byte @Nullable [] nonce, int low) {
        StunMessage.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        StunWriter writer = StunWriter.of(
                kind, any(random, METHODS), new TransactionId(random.nextInt(4), random.nextBoolean() ? low : 0));
        if (random.nextInt(8) != 0) {
            writer.xorAddress(Stun.XOR_PEER_ADDRESS, endpoint(random));
        }
        if (nonce != null && random.nextInt(8) != 0) {
            writer.add(Stun.NONCE, nonce);
        }
        for (int i = random.nextInt(12); i > 0; i--) {
            writer.add(any(random, ATTRIBUTES), bytes(random, random.nextInt(8) == 0 ? 100 : 20));
        }
        return random.nextInt(16) == 0
                ? writer.bare()
                : writer.padTo(random.nextInt(1_300)).bytes();
    }

    private static void send(Meeting meeting, Endpoint from, byte[] datagram, int[] low) {
        StunMessage message = StunMessage.read(ByteBuffer.wrap(datagram));
        if (message == null) {
            return;
        }
        List<Sent> all = meeting.all(from, message.bytes());
        for (Sent sent : all) {
            if (sent.message().kind() == StunMessage.Kind.REQUEST) {
                low[0] = sent.message().transaction().low();
            }
        }
    }

    @Test
    void no_message_throws_or_is_answered_by_more() {
        int[] sent = new int[1];
        Seeded.rounds(40, random -> {
            Meeting meeting = new Meeting(PunchOptions.defaults().privateAddresses(random.nextBoolean()), random, 0);
            byte[] nonce = meeting.nonce(Meeting.CALLER);
            int[] low = new int[1];
            for (int i = 0; i < 500; i++) {
                meeting.sees(endpoint(random));
                byte[] message = message(random, nonce, low[0]);
                send(meeting, endpoint(random), message, low);
                message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
                send(meeting, endpoint(random), message, low);
                meeting.after(random.nextLong(Meeting.SECOND));
            }
            sent[0] += (int) meeting.referrer.introductions();
        });
        assertThat(sent[0]).isPositive();
    }
}
