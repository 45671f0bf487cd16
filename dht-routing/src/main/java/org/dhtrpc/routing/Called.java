package org.dhtrpc.routing;

import java.time.Duration;
import java.util.BitSet;
import org.dhtrpc.Endpoint;

/**
 * An outbox that remembers to whom something has left from the main socket: a NAT or firewall lets those in, as long as it
 * remembers them itself, which is taken to be ten minutes at most. Hosts are bits in a table (a Bloom filter with one hash),
 * so that some are taken for others; nobody is forgotten too early, and no number of them takes more room.
 *
 * <p>Of what a hole puncher sends by itself it knows only the peer and the referrer that the node has asked for: not those who
 * have had themselves introduced to us, and no further addresses of a peer.
 */
final class Called extends Outbox {
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** A place in the table is the highest bits of a product. */
    private static final int PLACE_BITS = 13;

    private BitSet latest = new BitSet();
    private BitSet before = new BitSet();
    private long since;
    private boolean listens = true;

    Called(long now) {
        since = now;
    }

    @Override
    void add(Effect effect) {
        if (effect instanceof Effect.Send send && !send.sibling()) {
            calls(send.to());
        } else if (effect instanceof Effect.Punch punch) {
            calls(punch.peer());
        }
        super.add(effect);
    }

    @Override
    void calls(Endpoint to) {
        if (listens) {
            latest.set(bit(to));
        }
    }

    /** Whether somebody may be let in, since we have called there; false only if we certainly have not. */
    boolean has(Endpoint endpoint) {
        int bit = bit(endpoint);
        return latest.get(bit) || before.get(bit);
    }

    /** Forgets those who were not called for a while, if it is time. */
    void age(long now) {
        if (now - since >= REMEMBERED.toNanos()) {
            since = now;
            before = latest;
            latest = new BitSet();
        }
    }

    /** Nobody asks any more. */
    void rest() {
        listens = false;
        latest = new BitSet();
        before = new BitSet();
    }

    /** Somebody will ask again; whoever was called meanwhile is remembered from now on only. */
    void listen(long now) {
        listens = true;
        since = now;
    }

    /** Of a host: some filters let in any port of one that we have called. Nodes on our own machine have nothing else. */
    private static int bit(Endpoint endpoint) {
        long host = endpoint.highBits() * 31 + endpoint.lowBits();
        long place = Scope.of(endpoint) == Scope.LOOPBACK ? host * 31 + endpoint.port() : host;
        return (int) ((place * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - PLACE_BITS));
    }
}
