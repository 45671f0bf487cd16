package org.dhtrpc.holepunch;

import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchException.Failure;

/** Who wants to know how a {@link Punch} goes. */
interface PunchOwner {
    /** There is a way; called again if the other end prefers another. */
    void connected(long now, Punch punch, Way way);

    /** A datagram that came by way of the referrer. */
    void relayed(long now, Punch punch, byte[] datagram);

    /** There is none. */
    void failed(long now, Punch punch, Failure failure, String why);

    /** Whether an invited end may search for a port of this host; it is counted as a search. */
    boolean mayGuess(long now, Endpoint peer);

    /** It can be forgotten. */
    void over(long now, Punch punch);
}
