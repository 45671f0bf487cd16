package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StunServerTest {
    private static final Endpoint CLIENT = Endpoint.parse("198.51.100.7:4000");
    private static final Endpoint LOCAL = Endpoint.parse("203.0.113.5:3282");
    private static final Endpoint SECOND = Endpoint.parse("0.0.0.0:40000");
    private static final TransactionId ID = new TransactionId(7, 7);
    private static final int CHANGE_ADDRESS = 4;
    private static final int CHANGE_PORT = 2;
    private static final long START = -5_000_000_000L;

    private final Timers timers = new Timers();
    private final Outbox outbox = new Outbox();
    private final StunServer server = new StunServer(timers, outbox);

    StunServerTest() {
        server.address(LOCAL, null);
    }

    private static StunWriter request() {
        return StunWriter.of(Kind.REQUEST, Stun.BINDING, ID);
    }

    private static @Nullable StunMessage read(byte[] datagram) {
        return StunMessage.read(ByteBuffer.wrap(datagram));
    }

    private void ask(long now, int socket, Endpoint from, byte[] request) {
        server.receive(now, socket, from, Objects.requireNonNull(read(request)));
    }

    private List<Effect> effects() {
        List<Effect> effects = new ArrayList<>();
        Effect effect;
        while ((effect = outbox.poll()) != null) {
            effects.add(effect);
        }
        return effects;
    }

    /** The only one there is. */
    private StunMessage answer(int socket, Endpoint to) {
        List<Effect> effects = effects();
        assertThat(effects).hasSize(1);
        Effect.Send send = (Effect.Send) effects.get(0);
        assertThat(send.socket()).isEqualTo(socket);
        assertThat(send.to()).isEqualTo(to);
        return Objects.requireNonNull(read(send.datagram()));
    }

    private int opened(long now) {
        Effect.Open open = (Effect.Open) effects().get(0);
        assertThat(server.opened(now, open.socket(), SECOND)).isTrue();
        return open.socket();
    }

    @Test
    void a_client_is_told_how_it_is_seen() {
        ask(START, Outbox.MAIN, CLIENT, request().bytes());
        StunMessage answer = answer(Outbox.MAIN, CLIENT);
        assertThat(answer.kind()).isEqualTo(Kind.SUCCESS);
        assertThat(answer.transaction()).isEqualTo(ID);
        assertThat(answer.xorAddress(Stun.XOR_MAPPED_ADDRESS)).isEqualTo(CLIENT);
        assertThat(answer.address(Stun.MAPPED_ADDRESS)).isEqualTo(CLIENT);
        assertThat(answer.address(Stun.RESPONSE_ORIGIN)).isEqualTo(LOCAL);
        assertThat(answer.has(Stun.SOFTWARE)).isTrue();
        assertThat(answer.has(Stun.FINGERPRINT)).isTrue();
        assertThat(answer.has(Stun.SECOND_PORT)).isFalse();
    }

    @Test
    void where_it_is_asked_is_told_only_if_it_is_known() {
        server.address(Endpoint.parse("0.0.0.0:3282"), null);
        ask(START, Outbox.MAIN, CLIENT, request().bytes());
        assertThat(answer(Outbox.MAIN, CLIENT).has(Stun.RESPONSE_ORIGIN)).isFalse();
        server.address(Endpoint.parse("0.0.0.0:3282"), LOCAL);
        ask(START, Outbox.MAIN, CLIENT, request().bytes());
        assertThat(answer(Outbox.MAIN, CLIENT).address(Stun.RESPONSE_ORIGIN)).isEqualTo(LOCAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.7:4000", "[2001:db8::7]:4000"})
    void an_answer_is_at_most_three_times_as_large_and_says_what_matters(String client) {
        Endpoint from = Endpoint.parse(client);
        server.address(Endpoint.parse("[2001:db8::1]:3282"), null);
        ask(
                START,
                Outbox.MAIN,
                from,
                request().number(Stun.CHANGE_REQUEST, CHANGE_PORT).bytes());
        opened(START);
        effects();
        for (byte[] request : List.of(
                request().bare(), request().bytes(), request().padTo(200).bytes())) {
            ask(START, Outbox.MAIN, from, request);
            StunMessage answer = answer(Outbox.MAIN, from);
            assertThat(answer.size()).isLessThanOrEqualTo(3 * request.length);
            assertThat(answer.xorAddress(Stun.XOR_MAPPED_ADDRESS)).isEqualTo(from);
            assertThat(answer.has(Stun.SECOND_PORT)).isEqualTo(request.length > 20);
        }
    }

    @Test
    void nothing_makes_an_answer_larger() {
        Seeded.rounds(500, random -> {
            StunWriter writer = request();
            for (int i = random.nextInt(6); i > 0; i--) {
                int[] types = {3, 6, 0x25, 0x26, 0x27, 0x4D01, 0x8022, 0x8123, random.nextInt(0x10000)};
                byte[] value = new byte[random.nextInt(3) * random.nextInt(20)];
                random.nextBytes(value);
                writer.add(types[random.nextInt(types.length)], value);
            }
            byte[] bytes = random.nextBoolean() ? writer.bytes() : writer.bare();
            StunMessage message = read(bytes);
            if (message == null) {
                return;
            }
            Endpoint from = Endpoint.of(new byte[] {1, 2, (byte) random.nextInt(200), (byte) random.nextInt(200)}, 99);
            server.receive(START, Outbox.MAIN, from, message);
            for (Effect effect : effects()) {
                if (effect instanceof Effect.Send send) {
                    assertThat(send.datagram().length).isLessThanOrEqualTo(3 * bytes.length);
                }
            }
        });
    }

    @Test
    void what_has_to_be_understood_and_is_not_is_named() {
        ask(
                START,
                Outbox.MAIN,
                CLIENT,
                request().number(0x0024, 1).number(0x0025, 1).number(0x8123, 1).bytes());
        StunMessage answer = answer(Outbox.MAIN, CLIENT);
        assertThat(answer.kind()).isEqualTo(Kind.ERROR);
        assertThat(answer.errorCode()).isEqualTo(420);
        assertThat(answer.value(Stun.UNKNOWN_ATTRIBUTES)).isEqualTo(new byte[] {0, 0x24, 0, 0x25});
    }

    @Test
    void a_change_of_the_address_is_not_understood() {
        ask(
                START,
                Outbox.MAIN,
                CLIENT,
                request()
                        .number(Stun.CHANGE_REQUEST, CHANGE_ADDRESS | CHANGE_PORT)
                        .bytes());
        StunMessage answer = answer(Outbox.MAIN, CLIENT);
        assertThat(answer.errorCode()).isEqualTo(420);
        assertThat(answer.value(Stun.UNKNOWN_ATTRIBUTES)).isEqualTo(new byte[] {0, 3});
    }

    @Test
    void a_client_of_RFC_3489_is_not_answered_when_it_asks_for_a_change_of_the_address() {
        byte[] request =
                HexFormat.of().parseHex("00010008" + "00112233445566778899aabbccddeeff" + "00030004" + "00000006");
        ask(START, Outbox.MAIN, CLIENT, request);
        assertThat(effects()).isEmpty();
    }

    @Test
    void a_client_of_RFC_3489_is_answered_in_kind() {
        byte[] request = HexFormat.of().parseHex("00010000" + "00112233445566778899aabbccddeeff");
        ask(START, Outbox.MAIN, CLIENT, request);
        Effect.Send send = (Effect.Send) effects().get(0);
        assertThat(HexFormat.of().formatHex(send.datagram()))
                .isEqualTo("01010018" + "00112233445566778899aabbccddeeff" + "0001000800010fa0c6336407"
                        + "0004000800010cd2cb007105");
    }

    @Test
    void a_client_of_RFC_3489_is_refused_in_kind() {
        byte[] request = HexFormat.of().parseHex("00010004" + "00112233445566778899aabbccddeeff" + "7fff0000");
        ask(START, Outbox.MAIN, CLIENT, request);
        Effect.Send send = (Effect.Send) effects().get(0);
        assertThat(HexFormat.of().formatHex(send.datagram()))
                .isEqualTo("01110010" + "00112233445566778899aabbccddeeff" + "0009000400000414" + "000a00047fff7fff");
    }

    @Test
    void a_client_of_RFC_3489_that_wants_an_answer_from_another_address_gets_none_which_it_would_take_for_that() {
        byte[] request = HexFormat.of().parseHex("00010008" + "00112233445566778899aabbccddeeff" + "0003000400000006");
        ask(START, Outbox.MAIN, CLIENT, request);
        assertThat(effects()).isEmpty();
    }

    @Test
    void an_answer_goes_to_another_port_of_the_same_host_on_request() {
        ask(
                START,
                Outbox.MAIN,
                CLIENT,
                request().number(Stun.RESPONSE_PORT, 5000 << 16).bytes());
        StunMessage answer = answer(Outbox.MAIN, Endpoint.parse("198.51.100.7:5000"));
        assertThat(answer.xorAddress(Stun.XOR_MAPPED_ADDRESS)).isEqualTo(CLIENT);
    }

    @Test
    void a_port_that_is_none_or_comes_with_padding_is_a_bad_request() {
        ask(START, Outbox.MAIN, CLIENT, request().number(Stun.RESPONSE_PORT, 0).bytes());
        assertThat(answer(Outbox.MAIN, CLIENT).errorCode()).isEqualTo(400);
        ask(
                START,
                Outbox.MAIN,
                CLIENT,
                request().add(Stun.RESPONSE_PORT, (byte) 1).bytes());
        assertThat(answer(Outbox.MAIN, CLIENT).errorCode()).isEqualTo(400);
        ask(
                START,
                Outbox.MAIN,
                CLIENT,
                request().number(Stun.RESPONSE_PORT, 5000 << 16).padTo(200).bytes());
        assertThat(answer(Outbox.MAIN, CLIENT).errorCode()).isEqualTo(400);
    }

    @Test
    void a_change_of_the_port_is_answered_from_a_second_socket() {
        byte[] request = request().number(Stun.CHANGE_REQUEST, CHANGE_PORT).bytes();
        ask(START, Outbox.MAIN, CLIENT, request);
        int second = opened(START + 1_000_000);
        StunMessage answer = answer(second, CLIENT);
        assertThat(answer.address(Stun.RESPONSE_ORIGIN)).isEqualTo(Endpoint.parse("203.0.113.5:40000"));
        assertThat(answer.address(Stun.SECOND_PORT)).isEqualTo(LOCAL);
        assertThat(server.owns(second)).isTrue();

        ask(START, Outbox.MAIN, CLIENT, request().bytes());
        assertThat(answer(Outbox.MAIN, CLIENT).address(Stun.SECOND_PORT))
                .isEqualTo(Endpoint.parse("203.0.113.5:40000"));
        ask(START, second, CLIENT, request().bytes());
        assertThat(answer(second, CLIENT).address(Stun.SECOND_PORT)).isEqualTo(LOCAL);
        ask(START, second, CLIENT, request);
        answer(Outbox.MAIN, CLIENT);
    }

    @Test
    void clients_of_rfc_5780_are_not_told_of_a_second_address_as_there_is_none() {
        ask(
                START,
                Outbox.MAIN,
                CLIENT,
                request().number(Stun.CHANGE_REQUEST, CHANGE_PORT).bytes());
        opened(START);
        effects();
        ask(START, Outbox.MAIN, CLIENT, request().padTo(200).bytes());
        assertThat(answer(Outbox.MAIN, CLIENT).has(Stun.OTHER_ADDRESS)).isFalse();
    }

    @Test
    void a_port_that_others_see_translated_is_not_told() {
        server.address(Endpoint.parse("192.168.1.2:3282"), Endpoint.parse("203.0.113.5:61000"));
        ask(
                START,
                Outbox.MAIN,
                CLIENT,
                request().number(Stun.CHANGE_REQUEST, CHANGE_PORT).bytes());
        int second = opened(START);
        assertThat(answer(second, CLIENT).has(Stun.RESPONSE_ORIGIN)).isFalse();
    }

    @Test
    void the_second_socket_is_closed_when_nobody_asks_for_it() {
        byte[] request = request().number(Stun.CHANGE_REQUEST, CHANGE_PORT).bytes();
        ask(START, Outbox.MAIN, CLIENT, request);
        int second = opened(START);
        ask(START + StunServer.IDLE / 2, Outbox.MAIN, CLIENT, request);
        effects();
        timers.advance(START + StunServer.IDLE);
        assertThat(effects()).isEmpty();
        timers.advance(START + StunServer.IDLE / 2 * 3);
        assertThat(effects()).containsExactly(new Effect.Close(second));
        assertThat(timers.earliest()).isEqualTo(Long.MAX_VALUE);
        ask(START + 2 * StunServer.IDLE, Outbox.MAIN, CLIENT, request);
        assertThat(effects()).containsExactly(new Effect.Open(second + 1));
    }

    @Test
    void without_a_second_socket_its_change_is_not_understood() {
        byte[] request = request().number(Stun.CHANGE_REQUEST, CHANGE_PORT).bytes();
        ask(START, Outbox.MAIN, CLIENT, request);
        Effect.Open open = (Effect.Open) effects().get(0);
        assertThat(server.notOpened(START, open.socket())).isTrue();
        assertThat(answer(Outbox.MAIN, CLIENT).errorCode()).isEqualTo(420);
        ask(START, Outbox.MAIN, CLIENT, request);
        assertThat(answer(Outbox.MAIN, CLIENT).errorCode()).isEqualTo(420);
        timers.advance(START + StunServer.IDLE);
        ask(START + StunServer.IDLE, Outbox.MAIN, CLIENT, request);
        assertThat(effects().get(0)).isInstanceOf(Effect.Open.class);
    }

    @Test
    void a_host_is_answered_at_a_limited_rate_and_others_are_too() {
        for (int i = 0; i < 1_000; i++) {
            ask(
                    START,
                    Outbox.MAIN,
                    Endpoint.parse("198.51.100.7:" + (1_000 + i)),
                    request().bytes());
        }
        assertThat(effects()).hasSize(StunServer.OF_HOST.burst());
        ask(START, Outbox.MAIN, Endpoint.parse("198.51.100.8:1000"), request().bytes());
        assertThat(effects()).hasSize(1);
        ask(
                START + 1_000_000_000L / StunServer.OF_HOST.perSecond(),
                Outbox.MAIN,
                CLIENT,
                request().bytes());
        assertThat(effects()).hasSize(1);
    }

    @Test
    void nobody_else_is_answered() {
        ask(START, Outbox.MAIN, Endpoint.parse("198.51.100.7:0"), request().bytes());
        ask(START, Outbox.MAIN, Endpoint.parse("224.0.0.1:5000"), request().bytes());
        ask(
                START,
                Outbox.MAIN,
                CLIENT,
                StunWriter.of(Kind.INDICATION, Stun.BINDING, ID).bytes());
        ask(
                START,
                Outbox.MAIN,
                CLIENT,
                StunWriter.of(Kind.SUCCESS, Stun.BINDING, ID).bytes());
        ask(
                START,
                Outbox.MAIN,
                CLIENT,
                StunWriter.of(Kind.REQUEST, Stun.INVITE, ID).bytes());
        assertThat(effects()).isEmpty();
    }
}
