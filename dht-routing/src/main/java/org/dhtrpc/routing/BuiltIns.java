package org.dhtrpc.routing;

import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Wire;

/**
 * Answers the protocol's own commands. Each is answered afresh if it is repeated. One whose value lacks what it needs is not
 * answered, as in dht-rpc 6; a search for nothing is unknown.
 */
final class BuiltIns {
    private final Replies replies;
    private final DownHints hints;
    private final DelayedPongs delayed;
    private final Reach reach;
    private final boolean pongCarriesAddress;

    BuiltIns(Replies replies, DownHints hints, Reach reach, Deadlines deadlines, Wire wire) {
        this.replies = replies;
        this.hints = hints;
        this.reach = reach;
        this.delayed = new DelayedPongs(deadlines);
        this.pongCarriesAddress = wire.pongCarriesAddress();
    }

    void receive(long now, Asked asked) {
        Request request = asked.request();
        Command command = request.command();
        if (command.equals(Command.PING)) {
            pong(now, asked);
        } else if (command.equals(Command.FIND_NODE) && request.target() != null) {
            replies.send(now, asked, ErrorCode.NONE, null);
        } else if (command.equals(Command.PING_NAT)) {
            pingNat(now, asked);
        } else if (command.equals(Command.DOWN_HINT)) {
            downHint(now, asked);
        } else if (command.equals(Command.DELAYED_PING)) {
            delayedPing(now, asked);
        } else {
            replies.send(now, asked, ErrorCode.UNKNOWN_COMMAND, null);
        }
    }

    private void pong(long now, Asked asked) {
        Bytes seen = pongCarriesAddress ? SeenAddress.write(asked.from()) : null;
        replies.send(now, asked, ErrorCode.NONE, seen);
    }

    /** Answered to another port of the same host: whether that arrives says something about the firewall there. */
    private void pingNat(long now, Asked asked) {
        int port = Arguments.port(asked.request().value());
        Endpoint to = Endpoint.of(asked.from().address(), port);
        if (reach.has(to)) {
            replies.send(now, asked, to, asked.allowance(), ErrorCode.NONE, null);
        }
    }

    private void downHint(long now, Asked asked) {
        Endpoint suspect = Arguments.endpoint(asked.request().value());
        if (suspect != null) {
            hints.received(now, suspect);
            replies.send(now, asked, ErrorCode.NONE, null);
        }
    }

    private void delayedPing(long now, Asked asked) {
        long millis = Arguments.delayMillis(asked.request().value());
        if (millis < 0 || millis > Dht.MAX_PING_DELAY_MS) {
            return;
        }
        Endpoint from = asked.from();
        long transaction = asked.request().transaction();
        if (!delayed.put(from, transaction, now + 1_000_000 * millis, later -> pong(later, asked))) {
            replies.send(now, asked, ErrorCode.OVERLOADED, null);
        }
    }

    /** How many pongs are put off. */
    int delayed() {
        return delayed.size();
    }

    void rest() {
        delayed.rest();
    }
}
