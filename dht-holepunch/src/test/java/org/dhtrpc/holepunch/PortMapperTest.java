package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import org.dhtrpc.Endpoint;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PortMapperTest {
    private static final Endpoint ROUTER = Endpoint.parse("192.168.1.1:5351");
    private static final Endpoint CLIENT = Endpoint.parse("192.168.1.2:0");
    private static final int INTERNAL = 3_282;
    private static final long SECOND = 1_000_000_000L;

    /** What the routers of the two protocols answer, by the layouts of their RFCs. */
    private static final class Router {
        private boolean pmp = true;
        private boolean pcp = true;
        private boolean deaf;
        private int refuses;
        private String external = "203.0.113.5";
        private int port = 4_000;
        private int lifetime = 600;
        private long begun;
        private final List<String> asked = new ArrayList<>();

        byte @Nullable [] answer(long now, byte[] request) {
            asked.add(HexFormat.of().formatHex(request));
            boolean isPmp = request[0] == 0;
            if (deaf || (!pmp && !pcp)) {
                return null;
            }
            return isPmp ? (pmp ? pmp(now, request) : wrongPcp(now, request)) : pcp ? pcp(now, request) : wrongPmp(now);
        }

        private int epoch(long now) {
            return (int) ((now - begun) / SECOND);
        }

        private byte[] wrongPmp(long now) {
            return ByteBuffer.allocate(8).putInt(0x00800001).putInt(epoch(now)).array();
        }

        private byte[] wrongPcp(long now, byte[] request) {
            return ByteBuffer.allocate(24)
                    .putInt(0x02800001 | (request[1] & 0xFF) << 16)
                    .putInt(0)
                    .putInt(epoch(now))
                    .array();
        }

        private byte[] pmp(long now, byte[] request) {
            ByteBuffer answer = ByteBuffer.allocate(request[1] == 0 ? 12 : 16);
            answer.putShort((short) (0x80 | request[1]))
                    .putShort((short) refuses)
                    .putInt(epoch(now));
            if (request[1] == 0) {
                return answer.put(Endpoint.parse(external + ":0").address()).array();
            }
            return answer.put(request, 4, 2)
                    .putShort((short) port)
                    .putInt(lifetime)
                    .array();
        }

        private byte[] pcp(long now, byte[] request) {
            ByteBuffer answer = ByteBuffer.allocate(request.length);
            answer.put((byte) 2).put((byte) (0x80 | request[1])).put((byte) 0).put((byte) refuses);
            answer.putInt(lifetime).putInt(epoch(now)).position(24);
            if (request[1] == 1) {
                answer.put(request, 24, 18).putShort((short) port);
                answer.putLong(0).putShort((short) 0).putShort((short) 0xFFFF);
                answer.put(Endpoint.parse(external + ":0").address());
            }
            return answer.array();
        }
    }

    private final Timers timers = new Timers();
    private final Outbox outbox = new Outbox();
    private final Router router = new Router();
    private final List<String> told = new ArrayList<>();
    private final List<Effect> closed = new ArrayList<>();
    private long now = -SECOND;

    private PortMapper mapper() {
        router.begun = now - 1_000 * SECOND;
        return new PortMapper(timers, outbox, new Random(7));
    }

    private PortMapper begun() {
        PortMapper mapper = mapper();
        mapper.begin(
                now, Endpoint.of(ROUTER.address(), 0), CLIENT, INTERNAL, (at, external) -> told.add("" + external));
        run(mapper, 0);
        return mapper;
    }

    /** Lets so much time go by; the router answers at once. */
    private void run(PortMapper mapper, long time) {
        long end = now + time;
        while (true) {
            Effect effect;
            while ((effect = outbox.poll()) != null) {
                if (effect instanceof Effect.Open open) {
                    assertThat(mapper.opened(now, open.socket())).isTrue();
                    assertThat(mapper.owns(open.socket())).isTrue();
                } else if (effect instanceof Effect.Send send) {
                    assertThat(send.to()).isEqualTo(ROUTER);
                    byte[] answer = router.answer(now, send.datagram());
                    if (answer != null) {
                        mapper.receive(now, ROUTER, ByteBuffer.wrap(answer));
                    }
                } else {
                    closed.add(effect);
                }
            }
            long next = timers.earliest();
            if (next == Long.MAX_VALUE || next > end) {
                now = end;
                return;
            }
            now = next;
            timers.advance(now);
        }
    }

    private long asked(Predicate<String> which) {
        long count = router.asked.stream().filter(which).count();
        router.asked.clear();
        return count;
    }

    @Test
    void the_requests_are_those_of_the_RFCs() {
        router.deaf = true;
        begun();
        assertThat(router.asked).hasSize(3);
        assertThat(router.asked.get(0))
                .startsWith("0201" + "0000" + "00001c20" + "00000000000000000000ffffc0a80102")
                .endsWith("11000000" + "0cd2" + "0cd2" + "00000000000000000000ffff00000000")
                .hasSize(2 * 60);
        assertThat(router.asked.get(1)).isEqualTo("0000");
        assertThat(router.asked.get(2)).isEqualTo("0001" + "0000" + "0cd2" + "0cd2" + "00001c20");
    }

    @Test
    void a_router_of_both_gives_one_mapping() {
        PortMapper mapper = begun();
        assertThat(told).containsExactly("203.0.113.5:4000");
        assertThat(mapper.running()).isTrue();
    }

    @Test
    void a_router_of_NAT_PMP_alone_gives_one() {
        router.pcp = false;
        begun();
        assertThat(told).containsExactly("203.0.113.5:4000");
    }

    @Test
    void a_router_of_PCP_alone_gives_one() {
        router.pmp = false;
        begun();
        assertThat(told).containsExactly("203.0.113.5:4000");
    }

    @Test
    void where_there_is_no_such_router_it_ends_after_three_tries() {
        router.deaf = true;
        PortMapper mapper = begun();
        run(mapper, 2 * SECOND);
        assertThat(told).containsExactly("null");
        assertThat(asked(any -> true)).isEqualTo(9);
        assertThat(mapper.running()).isFalse();
        assertThat(closed).hasSize(1);
        mapper.begin(now, ROUTER, CLIENT, INTERNAL, (at, external) -> {});
    }

    @Test
    void a_refusal_of_both_ends_it_at_once() {
        router.refuses = 2;
        PortMapper mapper = begun();
        run(mapper, 0);
        assertThat(told).containsExactly("null");
        assertThat(mapper.running()).isFalse();
    }

    @Test
    void it_is_renewed_at_half_its_time_by_the_protocol_that_gave_it() {
        for (boolean pmp : new boolean[] {true, false}) {
            router.pmp = pmp;
            router.pcp = !pmp;
            told.clear();
            PortMapper mapper = begun();
            router.asked.clear();
            run(mapper, 299 * SECOND);
            assertThat(asked(text -> text.startsWith(pmp ? "0001" : "0201"))).isZero();
            run(mapper, SECOND);
            assertThat(router.asked).allMatch(text -> text.startsWith(pmp ? "00" : "02"));
            assertThat(asked(text -> text.startsWith(pmp ? "0001" : "0201"))).isEqualTo(1);
            run(mapper, 3_000 * SECOND);
            assertThat(asked(text -> text.startsWith(pmp ? "0001" : "0201"))).isEqualTo(10);
            assertThat(told).containsExactly("203.0.113.5:4000");
            mapper.close();
            run(mapper, 0);
        }
    }

    @Test
    void it_is_lost_when_the_router_is_silent_for_all_of_its_time() {
        PortMapper mapper = begun();
        router.deaf = true;
        run(mapper, 590 * SECOND);
        assertThat(told).hasSize(1);
        run(mapper, 20 * SECOND);
        assertThat(told).containsExactly("203.0.113.5:4000", "null");
        assertThat(mapper.running()).isFalse();
        assertThat(asked(any -> true)).isLessThan(80);
    }

    @Test
    void a_router_that_has_begun_anew_is_asked_again() {
        for (boolean pmp : new boolean[] {true, false}) {
            router.pmp = pmp;
            router.pcp = !pmp;
            router.lifetime = 7_200;
            router.port = 4_000;
            told.clear();
            PortMapper mapper = begun();
            run(mapper, 10 * SECOND);
            router.begun = now;
            router.port = 4_001;
            run(mapper, 120 * SECOND);
            assertThat(told).containsExactly("203.0.113.5:4000", "203.0.113.5:4001");
            mapper.close();
            run(mapper, 0);
        }
    }

    @Test
    void another_external_address_is_told() {
        router.pcp = false;
        PortMapper mapper = begun();
        router.external = "203.0.113.99";
        run(mapper, 130 * SECOND);
        assertThat(told).containsExactly("203.0.113.5:4000", "203.0.113.99:4000");
    }

    @Test
    void it_is_deleted_at_the_end() {
        PortMapper mapper = begun();
        router.asked.clear();
        mapper.close();
        run(mapper, 1_000 * SECOND);
        assertThat(router.asked).hasSize(1);
        assertThat(router.asked.get(0)).startsWith("0201" + "0000" + "00000000");
        assertThat(closed).hasSize(1);

        router.pcp = false;
        mapper = begun();
        router.asked.clear();
        mapper.close();
        run(mapper, 0);
        assertThat(router.asked).containsExactly("0001" + "0000" + "0cd2" + "0000" + "00000000");
    }

    @Test
    void strangers_and_nonsense_are_not_listened_to() {
        router.deaf = true;
        PortMapper mapper = begun();
        byte[] forged = ByteBuffer.allocate(16)
                .putInt(0x00810000)
                .putInt(5)
                .putInt(INTERNAL << 16 | 6_666)
                .putInt(600)
                .array();
        byte[] address = ByteBuffer.allocate(12)
                .putInt(0x00800000)
                .putInt(5)
                .putInt(0x06060606)
                .array();
        mapper.receive(now, Endpoint.parse("192.168.1.66:5351"), ByteBuffer.wrap(address));
        mapper.receive(now, Endpoint.parse("192.168.1.66:5351"), ByteBuffer.wrap(forged));
        mapper.receive(now, Endpoint.parse("192.168.1.1:53"), ByteBuffer.wrap(forged));
        Seeded.rounds(2_000, random -> {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 2) {
                bytes[0] = (byte) (random.nextBoolean() ? 0 : 2);
                bytes[1] = (byte) (0x80 | random.nextInt(3));
            }
            NatPmp.read(ByteBuffer.wrap(bytes));
            Pcp.Reply reply = Pcp.read(ByteBuffer.wrap(bytes));
            if (reply != null && reply.result() != Pcp.WRONG_VERSION) {
                mapper.receive(now, ROUTER, ByteBuffer.wrap(bytes));
            }
        });
        assertThat(told).isEmpty();
    }

    @Test
    void without_a_socket_there_is_none() {
        PortMapper mapper = mapper();
        mapper.begin(now, ROUTER, CLIENT, INTERNAL, (at, external) -> told.add("" + external));
        Effect.Open open = (Effect.Open) Objects.requireNonNull(outbox.poll());
        assertThat(mapper.notOpened(now, open.socket())).isTrue();
        assertThat(told).containsExactly("null");
        assertThat(mapper.running()).isFalse();
    }
}
