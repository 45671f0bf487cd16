package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * A machine whose inputs are read from bytes: what peers send, what callers do, how time passes. After each input its
 * effects are drained and the {@link Invariants} are checked; in the end it is left alone until all has ended, and closed.
 */
final class FuzzedMachine {
    /** More than any deadline that the inputs give. */
    private static final Duration ALL_ENDS = Duration.ofSeconds(90);

    /** More than it takes to find out that nobody is there any more. */
    private static final Duration ALL_DRAINS = Duration.ofMinutes(15);

    private static final int RECENT = 64;

    private static final int PLACES = 32;

    private final List<Runnable> inputs;
    private final Choices choices;
    private final Setup setup;
    private final Crowd crowd;
    private final FuzzedMessages messages;
    private final Invariants invariants;
    private final Kademlia machine;
    private final FuzzedHandlers handlers;
    private final List<Long> operations = new ArrayList<>();
    private final List<Request> asked = new ArrayList<>();
    private final List<Endpoint> askedBy = new ArrayList<>();
    private long now = 1_000_000_000_000L;
    private boolean suspended;
    private boolean closed;
    private int answered;

    FuzzedMachine(byte[] bytes) {
        choices = new Choices(bytes);
        FuzzedSetup chosen = FuzzedSetup.of(choices);
        setup = chosen.setup();
        crowd = chosen.crowd();
        messages = new FuzzedMessages(choices, setup, crowd);
        invariants = new Invariants(setup);
        machine = new Kademlia(now, setup.config, setup.surroundings(), setup.saved, setup.verified);
        handlers = new FuzzedHandlers(choices, crowd, messages, invariants, machine);
        if (setup.sibling && machine.wantsSibling()) {
            machine.sibling(now);
        } else {
            setup.sibling = false;
        }
        invariants.begins(machine);
        inputs = inputs();
    }

    /** What a byte stands for. A new input takes the next free place, so that what the corpus says stays as it is. */
    private List<Runnable> inputs() {
        return List.of(
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
                () -> handlers.answer(now),
                this::punched,
                () -> handlers.handle(now),
                () -> handlers.unhandle(now),
                this::bootstrap,
                this::close,
                this::suspend,
                this::resume,
                this::oversleep,
                this::receiveEcho,
                this::receiveBuiltIn,
                this::reidentify,
                () -> handlers.forward(now),
                this::requestRelayed,
                this::replyTrulyToAll,
                () -> receive(crowd.endpoint(choices), messages.relay(), false));
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
            if (setup.identifies && effect instanceof Effect.Identify identify) {
                identified(identify.address());
            }
        }
        invariants.check(machine);
    }

    private void end() {
        wake();
        for (long operation : operations) {
            demand(operation, Long.MAX_VALUE);
        }
        drain();
        passUntil(now + ALL_ENDS.toNanos());
        assertThat(invariants.open).as("operations that never end").isEmpty();
        assertThat(machine.stats().pendingCalls()).as("calls that never end").isZero();
        long patience = now + ALL_DRAINS.toNanos();
        while (machine.stats().pendingRequests() > 0 && now - patience < 0) {
            passUntil(machine.deadline());
        }
        assertThat(machine.stats().pendingRequests())
                .as("requests that never end")
                .isZero();
        assertThat(machine.gauges().pings() + machine.gauges().strangers())
                .as("pings that never end")
                .isZero();
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

    /** As after a night in which the computer slept. */
    private void oversleep() {
        long late = Duration.ofMillis(30_000 + 100L * choices.any()).toNanos();
        if (machine.deadline() == Deadlines.NEVER) {
            return;
        }
        now = Math.max(now, machine.deadline()) + late;
        boolean knew = machine.knowsSomebody();
        Key id = machine.id();
        invariants.asleep(!setup.idPolicy.bindsAddress());
        advance();
        drain();
        invariants.asleep(false);
        assertThat(!machine.id().equals(id) || machine.knowsSomebody() == knew)
                .as("nobody is blamed")
                .isTrue();
        assertThat(machine.stats().state() == DhtState.JOINING || waits())
                .as("it joins again")
                .isTrue();
    }

    private void receive(Endpoint from, Message message) {
        receive(from, message, setup.sibling && choices.once(3));
    }

    private void receive(Endpoint from, Message message, boolean sibling) {
        int size = size(message);
        if (size <= setup.wire.maxDatagram()) {
            invariants.receiving(now, from, message, size);
            machine.receive(now, from, message, size, sibling);
        }
    }

    /** What is true of a reply, and of where it comes in. */
    private void receiveTruth(Effect.Send send, int contacts) {
        boolean nat = ((Request) send.message()).command().equals(Command.PING_NAT);
        receive(send.to(), messages.truth(send, contacts), send.sibling() && !nat);
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
        Endpoint from = crowd.endpoint(choices);
        Request request = messages.request(from, invariants::tokenOf);
        remember(from, request);
        receive(from, request);
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
            receive(choices.once(8) ? crowd.endpoint(choices) : askedBy.get(index), asked.get(index));
        }
    }

    private void receiveFlood() {
        Endpoint from = crowd.endpoint(choices);
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
            receiveTruth(send, choices.below(21));
        }
    }

    /** Nobody is silent for some time. */
    private void replyTrulyToAll() {
        for (int i = choices.below(8); i > 0; i--) {
            List<Effect.Send> sent = List.copyOf(invariants.asked.subList(answered, invariants.asked.size()));
            answered = invariants.asked.size();
            for (Effect.Send send : sent) {
                receiveTruth(send, setup.config.k());
                drain();
            }
            passUntil(now + 1_000_000);
        }
    }

    private void replyToAll() {
        List<Effect.Send> sent = invariants.asked;
        int all = Math.min(sent.size(), choices.below(RECENT));
        for (Effect.Send send : List.copyOf(sent.subList(sent.size() - all, sent.size()))) {
            receiveTruth(send, setup.config.k());
            drain();
        }
    }

    /** A request of ours comes back, as from an address that is ours too. */
    private void receiveEcho() {
        Effect.Send send = recent();
        if (send != null) {
            receive(choices.once(4) ? crowd.endpoint(choices) : send.to(), send.message());
        }
    }

    private void replyFalsely() {
        Effect.Send send = recent();
        if (send == null) {
            return;
        }
        int lies = choices.any();
        Endpoint from = (lies & 1) != 0 ? crowd.endpoint(choices) : send.to();
        receive(from, messages.lie(lies, from, send.message()));
    }

    private void receiveStrayReply() {
        receive(crowd.endpoint(choices), messages.stray());
    }

    private void malformed() {
        machine.malformed(now, crowd.endpoint(choices));
    }

    private void query() {
        begun(machine.query(now, messages.query()), true);
    }

    private void closest() {
        begun(machine.closest(now, messages.query()), true);
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
        Endpoint to = crowd.endpoint(choices);
        if (to.isWildcard() || to.port() == 0 || !setup.reachable.test(to) || !setup.filter.test(to)) {
            return; // the node refuses such at the call
        }
        Command command = messages.command();
        Key target = command.equals(Command.PING) ? null : crowd.key(choices);
        Bytes value = choices.once(2) ? choices.filled(4 * choices.below(251)) : null;
        begun(machine.request(now, to, command, target, value, null, timeout(), null), false);
    }

    /** Asks somebody who is to pass it on, and hears of another at once, or not. */
    private void requestRelayed() {
        Endpoint to = reachable();
        if (!setup.filter.test(to)) {
            return;
        }
        Endpoint other = crowd.endpoint(choices);
        int before = invariants.asked.size();
        begun(machine.request(now, to, Bench.COMMAND, crowd.key(choices), null, other, timeout(), null), false);
        drain();
        if (invariants.asked.size() > before) {
            invariants.announced(other);
            Effect.Send send = invariants.asked.get(invariants.asked.size() - 1);
            if (choices.once(2)) {
                receive(other, messages.lie(choices.any() & 0xFD, other, send.message()));
            }
        }
    }

    private void receiveBuiltIn() {
        Endpoint from = crowd.endpoint(choices);
        Request request = messages.builtIn(from);
        remember(from, request);
        receive(from, request);
    }

    /** An id that was wanted once, and that the machine may have been given before. */
    private void reidentify() {
        List<Endpoint> wanted = invariants.speaker.wanted;
        if (!wanted.isEmpty()) {
            identified(wanted.get(wanted.size() - 1 - choices.below(Math.min(4, wanted.size()))));
        }
    }

    private void identified(Endpoint address) {
        machine.reidentify(now, Setup.boundId(address), address);
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
        Contact member = crowd.member(choices);
        return member.endpoint();
    }

    private void bootstrap() {
        List<Endpoint> nodes = new ArrayList<>();
        for (int i = choices.below(4); i > 0; i--) {
            nodes.add(crowd.endpoint(choices));
        }
        List<DhtException> unknown =
                choices.once(4) ? List.of(new DhtException(Reason.UNKNOWN_HOST, "unknown")) : List.of();
        machine.bootstrap(now, nodes, unknown);
        drain();
        assertThat(machine.stats().state() != DhtState.JOINING || waits())
                .as("it waits for somebody, or has made up its mind")
                .isTrue();
    }

    /** For an answer, for a timer that is late, or for its id. */
    private boolean waits() {
        return machine.stats().pendingRequests() > 0 || machine.deadline() - now <= 0 || !setup.identifies;
    }

    private void suspend() {
        if (!closed) {
            suspended = true;
            invariants.suspended(true);
        }
        machine.suspend(now);
    }

    private void resume() {
        wake();
        if (choices.once(2)) {
            bootstrap();
        }
    }

    private void wake() {
        if (suspended && !closed) {
            suspended = false;
            invariants.suspended(false);
            long located = invariants.located;
            machine.resume(now);
            drain();
            assertThat(machine.stats().state()).as("it joins again").isEqualTo(DhtState.JOINING);
            assertThat(invariants.located)
                    .as("it looks for the bootstrap nodes")
                    .isEqualTo(located + 1);
        }
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
