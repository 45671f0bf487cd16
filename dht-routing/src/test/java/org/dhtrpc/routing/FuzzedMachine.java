package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * A machine whose inputs are read from bytes: what peers send, what callers do, how time passes. After each input its
 * effects are drained and the {@link Invariants} are checked; in the end it is left alone until all has ended, and closed.
 */
final class FuzzedMachine {
    /** More than any deadline that the inputs give. */
    private static final Duration ALL_ENDS = Duration.ofSeconds(90);

    private static final int RECENT = 64;

    private static final Command[] COMMANDS = {
        Bench.COMMAND,
        Command.FIND_NODE,
        Command.PING,
        Command.of("other"),
        Command.PING_NAT,
        Command.DOWN_HINT,
        Command.DELAYED_PING,
        Command.builtIn(77)
    };

    /** What a byte stands for. A new input takes the next free place, so that what the corpus says stays as it is. */
    private final List<Runnable> inputs = List.of(
            this::pass,
            this::jump,
            this::receiveRequest,
            this::receiveRepeat,
            this::receiveFlood,
            this::replyTruly,
            this::replyFalsely,
            this::replyToAll,
            this::receiveStrayReply,
            this::malformed,
            this::query,
            this::closest,
            this::request,
            this::demand,
            this::cancel,
            this::answer,
            this::punched,
            this::handle,
            this::unhandle,
            this::bootstrap,
            this::close);

    private static final int PLACES = 32;

    private final Choices choices;
    private final Setup setup;
    private final Invariants invariants;
    private final Kademlia machine;
    private final List<Long> operations = new ArrayList<>();
    private final List<Request> asked = new ArrayList<>();
    private final List<Endpoint> askedBy = new ArrayList<>();
    private long now = 1_000_000_000_000L;
    private boolean closed;

    FuzzedMachine(byte[] bytes) {
        choices = new Choices(bytes);
        setup = setup(choices);
        invariants = new Invariants(setup);
        machine = new Kademlia(
                now,
                setup.config,
                new Surroundings(
                        Bench.ID,
                        Bench.HERE,
                        setup.wire,
                        setup.size,
                        setup.idPolicy,
                        new Random(42),
                        setup.reachable,
                        setup.filter,
                        setup.punching),
                setup.saved,
                setup.verified);
    }

    private static Setup setup(Choices choices) {
        Setup setup = Bench.setup().k(1 + choices.below(20)).concurrency(1 + choices.below(16));
        int flags = choices.any();
        if ((flags & 3) == 1) {
            setup.wire(4, true, false);
        } else if ((flags & 3) == 2) {
            setup.wire(15, false, true);
        }
        if ((flags & 4) != 0) {
            setup.punching();
        }
        if ((flags & 8) != 0) {
            setup.ephemeral();
        }
        if ((flags & 16) != 0) {
            setup.reachable(Endpoint::isIPv4);
        }
        if ((flags & 32) != 0) {
            setup.idPolicy(id -> id.hashCode() % 5 != 0);
        }
        int known = choices.below(Crowd.SIZE);
        (known % 2 == 0 ? setup.verified : setup.saved).addAll(Crowd.first(known));
        setup.verified.removeIf(contact -> !setup.idPolicy.accept(contact.id(), contact.endpoint()));
        return setup;
    }

    /** Does it all. What the machine has sent, as one number. */
    long run() {
        drain();
        while (choices.left()) {
            int input = choices.any() % PLACES;
            if (input < inputs.size()) {
                inputs.get(input).run();
            } else {
                pass();
            }
            drain();
        }
        invariants.checkTable(machine);
        end();
        invariants.checkTable(machine);
        return invariants.trace();
    }

    private void drain() {
        for (Effect effect = machine.poll(); effect != null; effect = machine.poll()) {
            effect.accept(invariants);
        }
        invariants.check(machine);
    }

    private void end() {
        for (long operation : operations) {
            demand(operation, Long.MAX_VALUE);
        }
        drain();
        passUntil(now + ALL_ENDS.toNanos());
        assertThat(invariants.open).as("operations that never end").isEmpty();
        assertThat(machine.stats().pendingCalls()).as("calls that never end").isZero();
        shut();
        drain();
    }

    private void pass() {
        int choice = choices.any();
        long deadline = machine.deadline();
        if (choice == 0 && deadline != Deadlines.NEVER) {
            passUntil(Math.max(now, deadline));
        } else if (choice < 200) {
            passUntil(now + Duration.ofMillis(choice).toNanos());
        } else {
            passUntil(now + Duration.ofSeconds(choice - 200).toNanos());
        }
    }

    /** As a driver does it: awake at each deadline. */
    private void passUntil(long end) {
        while (machine.deadline() != Deadlines.NEVER && machine.deadline() - end <= 0) {
            now = Math.max(now, machine.deadline());
            advance();
            drain();
        }
        now = end;
    }

    /** As after a pause of the process, with a first input that may come before the timers. */
    private void jump() {
        int choice = choices.any();
        now += Duration.ofMillis(40L * choice).toNanos();
        if (choice % 2 == 0) {
            advance();
        }
    }

    private void advance() {
        machine.advance(now);
        assertThat(machine.deadline() == Deadlines.NEVER || machine.deadline() - now > 0)
                .as("after time has passed nothing is due")
                .isTrue();
    }

    private void receive(Endpoint from, Message message) {
        int size = size(message);
        if (size <= setup.wire.maxDatagram()) {
            invariants.receiving(now, from, message, size);
            machine.receive(now, from, message, size);
        }
    }

    /** More than a datagram has for what the wire cannot say. */
    private int size(Message message) {
        try {
            return setup.size.applyAsInt(message);
        } catch (IllegalArgumentException e) {
            return Integer.MAX_VALUE;
        }
    }

    private void receiveRequest() {
        Endpoint from = Crowd.endpoint(choices);
        int shape = choices.any();
        Request request = new Request(
                choices.below(16),
                (shape & 3) == 0 ? null : (shape & 3) == 1 ? Crowd.key(choices) : Crowd.idAt(from),
                Bench.HERE,
                COMMANDS[choices.below(COMMANDS.length)],
                (shape & 4) == 0 ? Crowd.key(choices) : null,
                (shape & 8) != 0,
                (shape & 16) != 0 ? token(from) : null,
                (shape & 32) != 0 ? choices.filled(4 * choices.any()) : null,
                (shape & 0xC0) == 0xC0 ? new Relay(Relay.Kind.FORWARD_TO, Peer.endpoint(9)) : null,
                (shape & 0xC0) == 0x40 ? 4 * choices.any() : 0);
        remember(from, request);
        receive(from, request);
    }

    /** The last one that we gave to this address, or to another, or garbage. */
    private @Nullable Bytes token(Endpoint from) {
        return switch (choices.below(6)) {
            case 4 -> invariants.tokenOf(Crowd.endpoint(choices));
            case 5 -> choices.filled(8);
            default -> invariants.tokenOf(from);
        };
    }

    private void remember(Endpoint from, Request request) {
        if (asked.size() == RECENT) {
            asked.remove(0);
            askedBy.remove(0);
        }
        asked.add(request);
        askedBy.add(from);
    }

    private void receiveRepeat() {
        if (!asked.isEmpty()) {
            int index = asked.size() - 1 - choices.below(asked.size());
            receive(choices.once(8) ? Crowd.endpoint(choices) : askedBy.get(index), asked.get(index));
        }
    }

    private void receiveFlood() {
        Endpoint from = Crowd.endpoint(choices);
        for (int i = choices.any(); i > 0; i--) {
            receive(from, new Request(1_000L * i, null, Bench.HERE, Bench.COMMAND, Key.ZERO, null, null));
            drain();
        }
    }

    private Effect.@Nullable Send recent() {
        List<Effect.Send> sent = invariants.asked;
        return sent.isEmpty() ? null : sent.get(sent.size() - 1 - choices.below(Math.min(RECENT, sent.size())));
    }

    private void replyTruly() {
        Effect.Send send = recent();
        if (send != null) {
            receive(send.to(), truth(send, choices.below(21)));
        }
    }

    private void replyToAll() {
        List<Effect.Send> sent = invariants.asked;
        int all = Math.min(sent.size(), choices.below(RECENT));
        for (Effect.Send send : List.copyOf(sent.subList(sent.size() - all, sent.size()))) {
            receive(send.to(), truth(send, setup.config.k()));
            drain();
        }
    }

    private Reply truth(Effect.Send send, int contacts) {
        Request request = (Request) send.message();
        Key target = request.target();
        boolean pong = setup.wire.pongCarriesAddress() && request.command().equals(Command.PING);
        return new Reply(
                request.transaction(),
                Crowd.idAt(send.to()),
                Bench.HERE,
                target == null ? null : Crowd.nearest(target, contacts),
                Crowd.token(send.to()),
                0,
                pong ? SeenAddress.write(Bench.HERE) : null);
    }

    private void replyFalsely() {
        Effect.Send send = recent();
        if (send == null) {
            return;
        }
        int lies = choices.any();
        Endpoint from = (lies & 1) != 0 ? Crowd.endpoint(choices) : send.to();
        receive(
                from,
                new Reply(
                        send.message().transaction() + (lies >> 1 & 1),
                        (lies & 4) != 0 ? null : (lies & 8) != 0 ? Crowd.key(choices) : Crowd.idAt(from),
                        (lies & 16) != 0 ? null : Crowd.endpoint(choices),
                        (lies & 32) != 0 ? Crowd.rumours(choices) : null,
                        (lies & 64) != 0 ? null : Crowd.token(from),
                        (lies & 128) != 0 ? choices.below(20) : 0,
                        choices.once(3) ? choices.filled(choices.any()) : null));
    }

    private void receiveStrayReply() {
        receive(
                Crowd.endpoint(choices),
                new Reply(choices.any(), Crowd.key(choices), Bench.HERE, Crowd.rumours(choices), null, 0, null));
    }

    private void malformed() {
        machine.malformed(now, Crowd.endpoint(choices));
    }

    private Query asking() {
        int shape = choices.any();
        Query query = Query.of(COMMANDS[(shape & 1) == 0 ? 0 : 3], Crowd.key(choices))
                .verbose((shape & 2) != 0)
                .holepunching((shape & 4) == 0)
                .discoveryValue((shape & 8) != 0);
        if ((shape & 16) != 0) {
            query = query.value(choices.filled(4 * choices.below(251)));
        }
        if ((shape & 32) != 0) {
            query = query.nodes(Crowd.endpoint(choices), Crowd.endpoint(choices), Crowd.endpoint(choices));
        }
        if ((shape & 64) != 0) {
            query = query.deadline(Duration.ofMillis(1 + 100 * choices.any()));
        }
        return (shape & 128) != 0 ? query.concurrency(1 + choices.below(20)) : query;
    }

    private void query() {
        begun(machine.query(now, asking()), true);
    }

    private void closest() {
        begun(machine.closest(now, asking()), true);
    }

    private void begun(long operation, boolean streams) {
        operations.add(operation);
        invariants.begun(operation, streams);
        int wanted = streams ? choices.below(8) : 0;
        if (wanted > 0) {
            demand(operation, wanted == 7 ? Long.MAX_VALUE : wanted);
        }
    }

    private void request() {
        Endpoint to = Crowd.endpoint(choices);
        if (to.isWildcard() || to.port() == 0 || !setup.reachable.test(to)) {
            return; // the node refuses such at the call
        }
        Command command = COMMANDS[choices.below(COMMANDS.length)];
        Key target = command.equals(Command.PING) ? null : Crowd.key(choices);
        Bytes value = choices.once(2) ? choices.filled(4 * choices.below(251)) : null;
        begun(machine.request(now, to, command, target, value, timeout()), false);
    }

    private long timeout() {
        return Duration.ofMillis(1 + 25 * choices.any()).toNanos();
    }

    private void demand() {
        if (!operations.isEmpty()) {
            demand(anOperation(), 1 + choices.below(4));
        }
    }

    private long anOperation() {
        return operations.get(operations.size() - 1 - choices.below(operations.size()));
    }

    private void demand(long operation, long n) {
        invariants.demanded(operation, n);
        machine.demand(now, operation, n);
    }

    private void cancel() {
        if (!operations.isEmpty()) {
            machine.cancel(now, anOperation(), new DhtException(Reason.CANCELLED, "cancelled"));
        }
    }

    private void answer() {
        List<Effect.Call> calls = invariants.calls;
        if (!calls.isEmpty()) {
            long call =
                    calls.get(calls.size() - 1 - choices.below(calls.size())).call();
            int error = choices.once(4) ? choices.below(20) : 0;
            machine.answer(now, call, error, choices.once(2) ? choices.filled(6 * choices.any()) : null);
        }
    }

    private void punched() {
        List<Effect.Punch> punches = invariants.punches;
        if (!punches.isEmpty()) {
            Effect.Punch punch = punches.get(punches.size() - 1 - choices.below(punches.size()));
            Endpoint answering = choices.once(2) ? null : choices.once(2) ? reachable() : punch.peer();
            machine.punched(now, punch.punch(), answering);
        }
    }

    /** A hole puncher says where it got an answer from, so somebody is there. */
    private Endpoint reachable() {
        Contact member = Crowd.member(choices);
        return member.endpoint();
    }

    private void handle() {
        machine.handle(now, COMMANDS[choices.once(2) ? 3 : 0], phase());
    }

    private void unhandle() {
        machine.unhandle(now, COMMANDS[choices.once(2) ? 3 : 0], phase());
    }

    private Phase phase() {
        return choices.once(2) ? Phase.COMMIT : Phase.DISCOVERY;
    }

    private void bootstrap() {
        List<Endpoint> nodes = new ArrayList<>();
        for (int i = choices.below(4); i > 0; i--) {
            nodes.add(Crowd.endpoint(choices));
        }
        List<DhtException> unknown =
                choices.once(4) ? List.of(new DhtException(Reason.UNKNOWN_HOST, "unknown")) : List.of();
        machine.bootstrap(now, nodes, unknown);
    }

    private void close() {
        if (choices.once(16)) {
            shut();
        }
    }

    private void shut() {
        if (!closed) {
            closed = true;
            invariants.closed();
            machine.close(now);
        }
    }
}
