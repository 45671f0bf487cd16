package org.dhtrpc.holepunch;

import java.time.Duration;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Punched;

/**
 * A path to a peer: an authenticated probe was answered in both directions.
 *
 * @param endpoint the address to send to from now on, by the same transport; it is where the peer's datagrams come from
 * @param kind which way was found
 * @param elapsed from the call to the answer
 * @param probes how many datagrams were sent to find it
 * @param local what is before us
 * @param remote what is before the peer
 */
public record PunchResult(
        Endpoint endpoint, Path kind, Duration elapsed, int probes, NatProfile local, NatProfile remote)
        implements Punched {
    /** The ways. */
    public enum Path {
        /** Nothing is in the way. */
        OPEN,
        /** Inside of the network that both are in. */
        LAN,
        /** To a port that the peer's router has opened for it. */
        PORTMAP,
        /** Both sent, and so opened the way for each other. */
        PUNCHED,
        /** The same, to ports that were guessed from the last ones. */
        PREDICTED,
        /** The same, to ports at random from many sockets. */
        BIRTHDAY,
        /** Through the referrer, which passes on what it cannot read. */
        RELAYED
    }

    @Override
    public String path() {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }
}
