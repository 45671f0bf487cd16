package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever peers send and callers do, in whatever order: nothing is thrown, nothing grows, and all of it ends. */
class GarbageTest {
    private static final int STEPS = 15_000;
    private static final Command[] COMMANDS = {
        Bench.COMMAND, Command.of("unknown"), Command.PING, Command.FIND_NODE, Command.PING_NAT, Command.builtIn(77)
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void random_inputs_break_nothing_and_the_same_ones_have_the_same_effects(long seed) {
        assertThat(new Chaos(seed).run()).isEqualTo(new Chaos(seed).run());
    }

    private static final class Chaos {
        private final Random random;
        private final Bench bench;
        private final Map<Long, Long> demanded = new HashMap<>();
        private final List<Long> operations = new ArrayList<>();
        private long trace;
        private int seen;

        Chaos(long seed) {
            random = new Random(seed);
            Setup setup = Bench.setup().k(1 + random.nextInt(20)).concurrency(1 + random.nextInt(16));
            bench = (random.nextBoolean() ? setup.punching() : setup).build();
            bench.machine.handle(bench.now, Bench.COMMAND, Phase.DISCOVERY);
            bench.machine.handle(bench.now, Bench.COMMAND, Phase.COMMIT);
        }

        long run() {
            for (int step = 0; step < STEPS; step++) {
                act();
                check();
            }
            bench.close();
            assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
            assertThat(bench.machine.stats().operations()).isZero();
            for (long operation : operations) {
                assertThat(bench.finished.containsKey(operation) || bench.answered.containsKey(operation))
                        .isTrue();
            }
            return trace * 31 + bench.machine.stats().hashCode();
        }

        private void act() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> bench.receive(endpoint(), request());
                case 3, 4, 5, 6 -> reply();
                case 7 -> begin();
                case 8 -> steer();
                case 9 -> answer();
                case 10 -> punch();
                default -> bench.runMillis(random.nextInt(random.nextInt(20) == 0 ? 20_000 : 200));
            }
        }

        private void begin() {
            Query query = Query.of(COMMANDS[random.nextInt(2)], key()).verbose(random.nextBoolean());
            if (random.nextInt(4) == 0) {
                query = query.nodes(endpoint(), endpoint(), endpoint());
            }
            long demand = random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextInt(5);
            long operation = random.nextInt(3) == 0
                    ? bench.ping(endpoint(), Duration.ofMillis(1 + random.nextInt(6_000)))
                    : random.nextBoolean() ? bench.begin(query, demand) : bench.beginClosest(query, demand);
            operations.add(operation);
            demanded.put(operation, demand);
            if (random.nextInt(50) == 0) {
                bench.bootstrap(new Peer(key(), endpoint()), new Peer(key(), endpoint()));
            }
        }

        private void steer() {
            if (operations.isEmpty()) {
                return;
            }
            long operation = operations.get(random.nextInt(operations.size()));
            if (random.nextInt(3) == 0) {
                bench.cancel(operation);
            } else {
                demanded.merge(operation, 2L, (old, more) -> old == Long.MAX_VALUE ? old : old + more);
                bench.demand(operation, 2);
            }
        }

        private void answer() {
            if (!bench.calls.isEmpty()) {
                Effect.Call call = bench.calls.get(random.nextInt(bench.calls.size()));
                bench.answer(
                        call,
                        random.nextInt(3),
                        random.nextBoolean() ? null : Bytes.of(new byte[random.nextInt(1_400)]));
            }
        }

        private void punch() {
            if (!bench.punches.isEmpty()) {
                Effect.Punch punch = bench.punches.get(random.nextInt(bench.punches.size()));
                bench.punched(punch, random.nextBoolean() ? null : endpoint());
            }
        }

        private Request request() {
            Command command = COMMANDS[random.nextInt(COMMANDS.length)];
            return new Request(
                    random.nextInt(50),
                    id(),
                    random.nextBoolean() ? Bench.HERE : null,
                    command,
                    random.nextInt(5) == 0 ? null : key(),
                    random.nextBoolean(),
                    token(),
                    random.nextBoolean() ? null : Bytes.of(new byte[random.nextInt(900)]),
                    null,
                    0);
        }

        /** Mostly to a request of ours, mostly from the right address. */
        private void reply() {
            List<Effect.Send> sends = bench.sent;
            if (sends.isEmpty()) {
                return;
            }
            Effect.Send send = sends.get(sends.size() - 1 - random.nextInt(Math.min(30, sends.size())));
            List<Contact> contacts = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                contacts.add(new Contact(key(), endpoint()));
            }
            Endpoint from = random.nextInt(5) == 0 ? endpoint() : send.to();
            bench.receive(
                    from,
                    new Reply(
                            send.message().transaction(),
                            id(),
                            Bench.HERE,
                            random.nextInt(5) == 0 ? null : contacts,
                            token(),
                            random.nextInt(4) == 0 ? random.nextInt(70_000) : 0,
                            random.nextBoolean() ? null : Bytes.EMPTY));
        }

        /** One of ours that was given to somebody, or garbage, or none. */
        private @Nullable Bytes token() {
            if (!bench.sent.isEmpty() && random.nextBoolean()) {
                return bench.sent
                        .get(random.nextInt(bench.sent.size()))
                        .message()
                        .token();
            }
            return random.nextBoolean() ? null : Bytes.of(new byte[random.nextInt(70)]);
        }

        private @Nullable Key id() {
            return random.nextInt(4) == 0 ? null : key();
        }

        private Key key() {
            return switch (random.nextInt(6)) {
                case 0 -> Bench.ID;
                case 1 -> Key.ZERO;
                case 2 -> Key.random(random);
                default -> Peer.key(Bench.ID, random.nextInt(200));
            };
        }

        private Endpoint endpoint() {
            return switch (random.nextInt(30)) {
                case 0 -> Bench.HERE;
                case 1 -> Endpoint.parse("0.0.0.0:7");
                case 2 -> Endpoint.parse("10.0.0.1:0");
                case 3 -> Endpoint.parse("[2001:db8::1]:4000");
                default -> Peer.endpoint(random.nextInt(200));
            };
        }

        private void check() {
            for (; seen < bench.sent.size(); seen++) {
                Effect.Send send = bench.sent.get(seen);
                assertThat(send.message().to()).isEqualTo(send.to());
                trace = trace * 31 + send.hashCode();
            }
            bench.delivered.forEach(
                    (operation, count) -> assertThat(count).isLessThanOrEqualTo(demanded.getOrDefault(operation, 0L)));
            DhtStats stats = bench.machine.stats();
            assertThat(stats.pendingCalls()).isLessThanOrEqualTo(KademliaConfig.MAX_CALLS);
            assertThat(stats.operations()).isLessThanOrEqualTo(operations.size());
            List<Contact> contacts = bench.contacts();
            assertThat(contacts).extracting(Contact::id).doesNotHaveDuplicates().doesNotContain(Bench.ID);
            assertThat(contacts).extracting(Contact::endpoint).doesNotHaveDuplicates();
            assertThat(contacts).noneMatch(contact -> contact.endpoint().port() == 0);
        }
    }
}
