package org.dhtrpc.testkit.adversary;

import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Foothold;

/**
 * Nodes that take part for themselves, and are of no use to anybody: they answer pings, so that they stay in tables, and no
 * other request. {@link #silent} ones answer nothing, as nodes behind a firewall that let themselves be listed.
 *
 * <p>Each costs a lookup that it is in the way of a time-out, and a value a place. Against them: a lookup goes on while it
 * waits, looks behind the silent, and stores with those who answer; who is silent to a question is dropped from the table
 * though it answers pings in between.
 */
public final class BlackHoles implements Adversary {
    private final boolean pings;

    /** Those that answer pings. */
    public BlackHoles() {
        this(true);
    }

    private BlackHoles(boolean pings) {
        this.pings = pings;
    }

    /** Those that answer nothing. What they ask themselves is asked, and its answers heard. */
    public static BlackHoles silent() {
        return new BlackHoles(false);
    }

    @Override
    public void received(Foothold host, Endpoint from, Message message) {
        boolean ping = message instanceof Request request && request.command().equals(Command.PING);
        if (message instanceof Reply || (pings && ping)) {
            host.deliver(from, message);
        }
    }
}
