package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * A path that is kept open. The node knows the peer by one address as long as it lasts, wherever that is by now. Which way it goes
 * and when it was used may be asked on any thread; all else belongs to the loop.
 */
final class Route {
    /** Well before {@link Referral#RELAYED_FOR}. */
    private static final long WEARS_OUT = 90_000_000_000L;

    final Endpoint alias;
    Endpoint referrer;

    /** The one who keeps it going, if it has to be found again: whoever began. The other end may do so as well. */
    boolean initiator;

    long number;
    Endpoint peer;
    Prober prober;
    RelayLine line;
    byte[] key;

    /** Where the other end seems to come from, and has not answered yet. */
    @Nullable
    Way next;

    private volatile Way way;
    private long since;
    private volatile long used;

    /** How many keepalives in a row were not answered. */
    int missed;

    /** How often it was tried to find it again, in a row. */
    int resumed;

    boolean resuming;
    boolean closed;

    /** What is before us, and before the other end. */
    NatProfile local;

    NatProfile remote;

    /** Who wants to know whether it still answers. */
    final List<LongConsumer> asking = new ArrayList<>();

    Timers.Timer timer;

    /** @param alias where the node sends to */
    Route(long now, Endpoint alias, Punch punch, Way way, RelayLine line, byte[] key, Timers.Timer timer) {
        this.alias = alias;
        this.referrer = punch.referrer;
        this.initiator = punch.initiator;
        this.number = punch.number;
        this.peer = punch.peer();
        this.prober = punch.prober;
        this.local = punch.local;
        this.remote = punch.remote();
        this.line = line;
        this.key = key;
        this.way = way;
        this.used = now;
        this.since = now;
        this.timer = timer;
    }

    /** It goes by another punch from now on. */
    void become(long now, Punch punch, Way next, RelayLine line, byte[] key) {
        initiator = punch.initiator;
        referrer = punch.referrer;
        number = punch.number;
        peer = punch.peer();
        prober = punch.prober;
        local = punch.local;
        remote = punch.remote();
        this.line = line;
        this.key = key;
        way = next;
        since = now;
        this.next = null;
        missed = 0;
        resumed = 0;
        resuming = false;
    }

    /** Whether the referrer will soon relay no more; whoever began looks for another path before. */
    boolean wornOut(long now) {
        return initiator && way.relayed() && now - since >= WEARS_OUT;
    }

    Way way() {
        return way;
    }

    void goBy(Way next) {
        way = next;
    }

    /** The node has sent there, or had something from there. */
    void use(long now) {
        used = now;
    }

    long used() {
        return used;
    }
}
