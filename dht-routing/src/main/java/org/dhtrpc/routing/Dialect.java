package org.dhtrpc.routing;

import org.dhtrpc.Bytes;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/** How a wire's replies say what those of others say in another way. */
final class Dialect {
    private final boolean pongCarriesAddress;
    private final boolean provable;
    private final boolean errors;
    private final boolean relays;

    Dialect(Wire wire) {
        this.pongCarriesAddress = wire.pongCarriesAddress();
        this.provable = wire.replyFactor() > 0;
        this.errors = wire.errors();
        this.relays = wire.relays();
    }

    /**
     * What a reply says: pongs may carry our address in their value; where there are no errors, whoever answers without a
     * token does not know the command.
     */
    Reply read(PendingRequest request, Reply reply) {
        if (pongCarriesAddress && isPing(request)) {
            return SeenAddress.read(reply);
        }
        return !errors && !request.command.builtIn() && reply.token() == null ? unknownCommand(reply) : reply;
    }

    private static boolean isPing(PendingRequest request) {
        return request.command.equals(Command.PING) || request.command.equals(Command.DELAYED_PING);
    }

    private static Reply unknownCommand(Reply reply) {
        return new Reply(
                reply.transaction(),
                reply.sender(),
                reply.to(),
                reply.contacts(),
                null,
                ErrorCode.UNKNOWN_COMMAND,
                reply.value());
    }

    /** Whether this is a pong that does not say how it sees us. */
    boolean lacksAddress(PendingRequest request, Reply reply) {
        if (!isPing(request) || reply.error() != ErrorCode.NONE) {
            return false;
        }
        return pongCarriesAddress ? !SeenAddress.isIn(reply) : reply.to() == null;
    }

    /** Whether a request that another may answer says itself to whom it is to be passed on. */
    boolean relays(Command command) {
        return relays && command.equals(Command.PING);
    }

    /** The token with which a question is to be asked again, since its answer needs a proof of our address; null if not. */
    @Nullable
    Bytes proof(Reply reply) {
        // Where nobody can prove anything the code is an application's mistake.
        return provable && reply.error() == ErrorCode.PROVE_ADDRESS ? reply.token() : null;
    }
}
