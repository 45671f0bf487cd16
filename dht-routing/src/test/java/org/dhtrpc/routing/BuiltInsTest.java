package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What we answer to the protocol's own commands besides ping and find_node. */
class BuiltInsTest {
    private static final Endpoint PEER = Peer.endpoint(1);

    private final Peer known = Peer.at(Bench.ID, 9);
    private final Bench bench = Bench.setup().knows(known).build().with(known);

    private static Request request(long transaction, Command command, @Nullable Bytes value) {
        return bare(transaction, command, value).withPadding(300);
    }

    /** One that earns little. */
    private static Request bare(long transaction, Command command, @Nullable Bytes value) {
        return new Request(transaction, null, Bench.HERE, command, null, null, value);
    }

    /** A wire like that of dht-rpc 6. */
    private static Setup six() {
        return Bench.setup().wire(16, true, false).wire(false, every -> true);
    }

    @Nested
    class PingNat {
        private Request to(int port) {
            return request(5, Command.PING_NAT, Arguments.ofPort(port));
        }

        @Test
        void is_answered_to_the_port_that_it_names() {
            bench.receive(PEER, to(40_000));
            Endpoint there = Endpoint.of(PEER.address(), 40_000);
            assertThat(bench.sent).singleElement().satisfies(send -> {
                assertThat(send.to()).isEqualTo(there);
                assertThat(send.sibling()).isFalse();
                assertThat(send.message().to()).isEqualTo(there);
                assertThat(send.message().transaction()).isEqualTo(5);
                assertThat(send.message().sender()).isEqualTo(Bench.ID);
                assertThat(send.message().value()).isNull();
            });
        }

        @Test
        void without_a_port_there_is_silence() {
            for (Bytes value : new Bytes[] {
                null, Bytes.EMPTY, Bytes.of((byte) 1), Bytes.of((byte) 0, (byte) 0), Bytes.of(new byte[9])
            }) {
                assertThat(bench.ask(PEER, request(5, Command.PING_NAT, value))).isNull();
            }
            assertThat(bench.sent).isEmpty();
        }

        @Test
        void what_follows_the_port_does_not_matter() {
            bench.receive(PEER, request(5, Command.PING_NAT, Bytes.of((byte) 0x40, (byte) 0x9C, (byte) 7, (byte) 7)));
            assertThat(bench.sent).extracting(send -> send.to().port()).containsExactly(40_000);
        }

        @Test
        void nothing_goes_to_a_port_that_the_application_does_not_want() {
            Bench choosy =
                    Bench.setup().filter(endpoint -> endpoint.port() != 53).build();
            choosy.receive(PEER, to(53));
            choosy.receive(PEER, to(54));
            assertThat(choosy.sent).extracting(send -> send.to().port()).containsExactly(54);
        }

        @Test
        void it_brings_no_more_bytes_than_its_sender_may_have() {
            Request little = bare(5, Command.PING_NAT, Arguments.ofPort(40_000));
            int reply = new MsgpackCodec()
                    .size(new Reply(5, Bench.ID, PEER, null, Bytes.of(new byte[8]), ErrorCode.NONE, null));
            bench.receive(PEER, little, reply / 3 - 1);
            assertThat(bench.sent).isEmpty();
            bench.receive(PEER, little, reply / 3 + 1);
            assertThat(bench.sent).hasSize(1);
        }
    }

    @Nested
    class DownHint {
        private Request of(Endpoint suspect) {
            return request(6, Command.DOWN_HINT, Arguments.ofEndpoint(suspect));
        }

        private List<Request> pings() {
            return bench.requests();
        }

        private void old() {
            bench.run(Duration.ofSeconds(6));
        }

        @Test
        void a_contact_of_ours_is_pinged_and_stays_if_it_answers() {
            old();
            Reply reply = bench.asked(PEER, of(known.endpoint));
            assertThat(reply.error()).isZero();
            assertThat(reply.value()).isNull();
            assertThat(pings()).extracting(Request::command).containsExactly(Command.PING);
            assertThat(bench.requestsTo(known.endpoint)).hasSize(1);
            bench.runMillis(10_000);
            assertThat(bench.named()).containsExactly(known.contact());
            assertThat(bench.machine.stats().hintsReceived()).isEqualTo(1);
        }

        @Test
        void if_it_does_not_it_is_named_no_more() {
            old();
            known.dead = true;
            bench.receive(PEER, of(known.endpoint));
            bench.runMillis(10_000);
            assertThat(bench.requestsTo(known.endpoint)).hasSize(KademliaConfig.MAX_SENDS);
            assertThat(bench.named()).isEmpty();
        }

        @Test
        void a_stranger_is_not_and_nobody_is_without_an_address() {
            old();
            assertThat(bench.ask(PEER, of(Peer.endpoint(77)))).isNotNull();
            for (Bytes value : new Bytes[] {null, Bytes.EMPTY, Bytes.of(new byte[5])}) {
                assertThat(bench.ask(PEER, request(6, Command.DOWN_HINT, value)))
                        .isNull();
            }
            assertThat(bench.ask(PEER, request(6, Command.DOWN_HINT, Bytes.of(new byte[6]))))
                    .isNotNull();
            assertThat(pings()).isEmpty();
            assertThat(bench.machine.stats().hintsReceived()).isZero();
        }

        @Test
        void nor_is_one_that_was_heard_of_in_the_last_five_seconds() {
            old();
            bench.ping(known);
            bench.runMillis(100);
            bench.receive(PEER, of(known.endpoint));
            assertThat(pings()).hasSize(1);
            bench.runMillis(4_000);
            bench.receive(PEER, of(known.endpoint));
            assertThat(pings()).hasSize(1);
            bench.runMillis(1_000);
            bench.receive(PEER, of(known.endpoint));
            assertThat(pings()).hasSize(2);
        }

        @Test
        void many_hints_about_the_same_bring_one_check() {
            old();
            for (int i = 0; i < 50; i++) {
                bench.receive(Peer.endpoint(100 + i), of(known.endpoint));
            }
            assertThat(pings()).hasSize(1);
            assertThat(bench.machine.stats().hintsReceived()).isEqualTo(1);
        }

        @Test
        void at_most_ten_are_checked_at_once() {
            Peer[] many = new Peer[15];
            for (int i = 0; i < many.length; i++) {
                many[i] = Peer.at(Bench.ID, 1 + i);
                many[i].dead = i % 2 == 0;
            }
            Bench crowd = Bench.setup().knows(many).build().with(many);
            crowd.run(Duration.ofSeconds(6));
            for (Peer each : many) {
                crowd.receive(PEER, of(each.endpoint));
            }
            assertThat(crowd.requests()).hasSize(DownHints.MOST_CHECKED);
            crowd.run(Duration.ofSeconds(6));
            crowd.receive(PEER, of(many[13].endpoint));
            assertThat(crowd.requestsTo(many[13].endpoint))
                    .as("there is room again")
                    .hasSize(1);
            crowd.machine.suspend(crowd.now);
            crowd.machine.resume(crowd.now);
            crowd.drain();
            assertThat(crowd.machine.gauges().pings()).isLessThanOrEqualTo(10);
        }

        @Test
        void an_address_of_ipv6_is_18_bytes() {
            Peer six = new Peer(Peer.key(Bench.ID, 6), Endpoint.parse("[2001:db8::6]:4000"));
            Bench both = Bench.setup().knows(six).build().with(six);
            both.run(Duration.ofSeconds(6));
            both.receive(PEER, of(six.endpoint));
            assertThat(both.requestsTo(six.endpoint)).hasSize(1);
        }
    }

    @Nested
    class DelayedPing {
        private Request after(long transaction, long millis) {
            return request(transaction, Command.DELAYED_PING, Arguments.ofDelay(Duration.ofMillis(millis)));
        }

        @Test
        void is_answered_when_its_time_has_come() {
            bench.receive(PEER, after(7, 1_500));
            assertThat(bench.machine.gauges().delayed()).isEqualTo(1);
            bench.runMillis(1_499);
            assertThat(bench.sent).isEmpty();
            bench.runMillis(1);
            assertThat(bench.replies()).singleElement().satisfies(reply -> {
                assertThat(reply.transaction()).isEqualTo(7);
                assertThat(reply.to()).isEqualTo(PEER);
                assertThat(reply.error()).isZero();
            });
            assertThat(bench.machine.gauges().delayed()).isZero();
        }

        @Test
        void a_repeat_meanwhile_is_not_answered_twice_and_a_later_one_is() {
            bench.receive(PEER, after(7, 1_500));
            bench.runMillis(1_000);
            bench.receive(PEER, after(7, 1_500));
            bench.receive(PEER, after(8, 1_500));
            bench.receive(Peer.endpoint(2), after(7, 1_500));
            bench.runMillis(5_000);
            assertThat(bench.replies()).hasSize(3);
            bench.receive(PEER, after(7, 1_500));
            bench.runMillis(5_000);
            assertThat(bench.replies()).hasSize(4);
        }

        @Test
        void for_longer_than_ten_seconds_nobody_waits() {
            bench.receive(PEER, after(1, Dht.MAX_PING_DELAY_MS));
            bench.receive(PEER, after(2, Dht.MAX_PING_DELAY_MS + 1));
            bench.receive(PEER, request(3, Command.DELAYED_PING, Bytes.of(new byte[] {-1, -1, -1, -1})));
            bench.receive(PEER, request(4, Command.DELAYED_PING, Bytes.of(new byte[3])));
            bench.receive(PEER, request(5, Command.DELAYED_PING, null));
            assertThat(bench.machine.gauges().delayed()).isEqualTo(1);
            bench.run(Duration.ofSeconds(11));
            assertThat(bench.replies()).extracting(Reply::transaction).containsExactly(1L);
        }

        @Test
        void without_a_delay_it_is_answered_at_once() {
            bench.receive(PEER, after(1, 0));
            bench.runMillis(0);
            assertThat(bench.replies()).hasSize(1);
        }

        @Test
        void as_many_as_256_are_put_off_and_no_more() {
            for (int i = 0; i < 300; i++) {
                bench.receive(Peer.endpoint(1_000 + i), after(i, 9_000));
            }
            assertThat(bench.machine.gauges().delayed()).isEqualTo(256);
            assertThat(bench.replies()).hasSize(44).extracting(Reply::error).containsOnly(ErrorCode.OVERLOADED);
            bench.runMillis(9_000);
            assertThat(bench.replies()).hasSize(300);
            assertThat(bench.machine.gauges().delayed()).isZero();
        }

        @Test
        void nobody_is_answered_by_a_node_that_rests_or_has_rested() {
            bench.receive(PEER, after(1, 1_000));
            bench.machine.suspend(bench.now);
            bench.drain();
            assertThat(bench.machine.gauges().delayed()).isZero();
            assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
            bench.machine.resume(bench.now);
            bench.drain();
            bench.runMillis(5_000);
            assertThat(bench.replies()).isEmpty();
            bench.receive(PEER, after(1, 1_000));
            bench.runMillis(1_000);
            assertThat(bench.replies()).hasSize(1);
        }

        @Test
        void it_brings_no_more_bytes_than_its_sender_may_have() {
            bench.receive(PEER, bare(1, Command.DELAYED_PING, Arguments.ofDelay(Duration.ofMillis(10))), 9);
            bench.runMillis(100);
            assertThat(bench.sent).isEmpty();
        }
    }

    @Test
    void what_nobody_knows_is_an_error_with_contacts_if_there_is_a_target() {
        Reply reply = bench.asked(PEER, request(1, Command.builtIn(99), null));
        assertThat(reply.error()).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
        assertThat(reply.contacts()).isNull();
        Request targeted = new Request(2, null, Bench.HERE, Command.builtIn(99), Bench.ID, null, null).withPadding(300);
        assertThat(bench.asked(PEER, targeted).contacts()).containsExactly(known.contact());
    }

    @Test
    void where_the_wire_has_it_so_no_built_in_carries_a_token_and_others_do() {
        Bench other = six().build();
        for (Command command : List.of(Command.PING, Command.builtIn(9))) {
            assertThat(other.asked(PEER, bare(1, command, null)).token()).isNull();
        }
        Request find = new Request(2, null, Bench.HERE, Command.FIND_NODE, Bench.ID, null, null);
        assertThat(other.asked(PEER, find).token()).isNull();
        Request application = new Request(3, null, Bench.HERE, Bench.COMMAND, Bench.ID, null, null);
        assertThat(other.asked(PEER, application).token()).isNotNull();
        assertThat(bench.asked(PEER, request(4, Command.PING, null)).token()).isNotNull();
    }

    @Test
    void what_comes_in_on_the_sibling_is_answered_from_there_without_an_id() {
        for (Bytes value : List.of(Arguments.ofPort(40_000), Arguments.ofDelay(Duration.ofMillis(5)))) {
            boolean nat = value.size() == Short.BYTES;
            bench.receiveOnSibling(PEER, request(1, nat ? Command.PING_NAT : Command.DELAYED_PING, value));
        }
        bench.receiveOnSibling(PEER, request(2, Command.PING, null));
        bench.runMillis(10);
        assertThat(bench.sent).hasSize(3).allSatisfy(send -> {
            assertThat(send.sibling()).isTrue();
            assertThat(send.message().sender()).isNull();
        });
    }
}
