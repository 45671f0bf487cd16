package org.dhtrpc.routing;

import java.time.Duration;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/** What a fuzzed machine is asked, told and answered. */
final class FuzzedMessages {
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

    private final Choices choices;
    private final Setup setup;
    private final Crowd crowd;

    /** Knows which tokens the machine has given. */
    @FunctionalInterface
    interface Given {
        /** The last one, null if there is none. */
        @Nullable
        Bytes of(Endpoint holder);
    }

    FuzzedMessages(Choices choices, Setup setup, Crowd crowd) {
        this.choices = choices;
        this.setup = setup;
        this.crowd = crowd;
    }

    Command command() {
        return COMMANDS[choices.below(COMMANDS.length)];
    }

    /** One that may have a handler. */
    Command applicationCommand() {
        return COMMANDS[choices.once(2) ? 3 : 0];
    }

    /** A request of somebody; {@code given} says which one we last gave to whom. */
    Request request(Endpoint from, Given given) {
        int shape = choices.any();
        return new Request(
                choices.below(16),
                (shape & 3) == 0 ? null : (shape & 3) == 1 ? crowd.key(choices) : crowd.idAt(from),
                Bench.HERE,
                command(),
                (shape & 4) == 0 ? crowd.key(choices) : null,
                (shape & 8) != 0,
                (shape & 16) != 0 ? token(from, given) : null,
                (shape & 32) != 0 ? choices.filled(4 * choices.any()) : null,
                (shape & 0xC0) == 0xC0 ? new Relay(Relay.Kind.FORWARD_TO, Peer.endpoint(9)) : null,
                (shape & 0xC0) == 0x40 ? 4 * choices.any() : 0);
    }

    /** The last one that we gave to this address, or to another, or garbage. */
    private @Nullable Bytes token(Endpoint from, Given given) {
        return switch (choices.below(6)) {
            case 4 -> given.of(crowd.endpoint(choices));
            case 5 -> choices.filled(8);
            default -> given.of(from);
        };
    }

    /** A built-in command with something in its value that means something. */
    Request builtIn(Endpoint from) {
        int shape = choices.any();
        Command command = COMMANDS[4 + shape % 3];
        Bytes value = switch (shape % 3) {
            case 0 -> Arguments.ofPort(3_990 + choices.below(70));
            case 1 -> Arguments.ofEndpoint(crowd.endpoint(choices));
            default -> Arguments.ofDelay(Duration.ofMillis(40L * choices.any()));
        };
        return new Request(
                choices.below(16),
                (shape & 64) != 0 ? crowd.idAt(from) : null,
                Bench.HERE,
                command,
                null,
                false,
                null,
                value,
                null,
                (shape & 128) != 0 ? 200 : 0);
    }

    /** One that is to be passed on, or was. */
    Request relay() {
        int shape = choices.any();
        Relay.Kind kind = (shape & 1) == 0 ? Relay.Kind.FORWARD_TO : Relay.Kind.ANSWER_TO;
        return new Request(
                choices.below(16),
                (shape & 2) != 0 ? crowd.key(choices) : null,
                Bench.HERE,
                (shape & 12) == 12 ? command() : Command.PING,
                null,
                false,
                null,
                null,
                new Relay(kind, crowd.endpoint(choices)),
                0);
    }

    /** What an honest peer answers. */
    Reply truth(Effect.Send send, int contacts) {
        Request request = (Request) send.message();
        Key target = request.target();
        boolean pong = setup.wire.pongCarriesAddress() && request.command().equals(Command.PING);
        return new Reply(
                request.transaction(),
                crowd.idAt(send.to()),
                send.sibling() && !request.command().equals(Command.PING_NAT) ? Bench.SIBLING : Bench.HERE,
                target == null ? null : crowd.nearest(target, contacts),
                Crowd.token(send.to()),
                0,
                pong ? SeenAddress.write(Bench.HERE) : null);
    }

    /** A reply to a request of ours in which nothing need be true; the bits of {@code lies} say what is not. */
    Reply lie(int lies, Endpoint from, Message request) {
        return new Reply(
                request.transaction() + (lies >> 1 & 1),
                (lies & 4) != 0 ? null : (lies & 8) != 0 ? crowd.key(choices) : crowd.idAt(from),
                (lies & 16) != 0 ? null : crowd.endpoint(choices),
                (lies & 32) != 0 ? crowd.rumours(choices) : null,
                (lies & 64) != 0 ? null : Crowd.token(from),
                (lies & 128) != 0 ? choices.below(20) : 0,
                choices.once(3) ? choices.filled(choices.any()) : null);
    }

    /** A reply that nobody asked for. */
    Reply stray() {
        return new Reply(choices.any(), crowd.key(choices), Bench.HERE, crowd.rumours(choices), null, 0, null);
    }

    /** What a caller looks for. */
    Query query() {
        int shape = choices.any();
        Query query = Query.of(COMMANDS[(shape & 1) == 0 ? 0 : 3], crowd.key(choices))
                .verbose((shape & 2) != 0)
                .holepunching((shape & 4) == 0)
                .discoveryValue((shape & 8) != 0);
        if ((shape & 16) != 0) {
            query = query.value(choices.filled(4 * choices.below(251)));
        }
        if ((shape & 32) != 0) {
            query = query.nodes(crowd.endpoint(choices), crowd.endpoint(choices), crowd.endpoint(choices));
        }
        if ((shape & 64) != 0) {
            query = query.deadline(Duration.ofMillis(1 + 100 * choices.any()));
        }
        return (shape & 128) != 0 ? query.concurrency(1 + choices.below(20)) : query;
    }

    /** A pong that is asked for later; or nodes by a stranger who proves nothing, and is pinged before it is answered. */
    static boolean mayBePutOff(Wire wire, Request request) {
        boolean introduced = wire.replyFactor() == 0
                && request.command().equals(Command.FIND_NODE)
                && request.sender() != null
                && request.token() == null;
        return introduced || request.command().equals(Command.DELAYED_PING);
    }
}
