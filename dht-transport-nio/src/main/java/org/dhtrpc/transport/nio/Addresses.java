package org.dhtrpc.transport.nio;

import java.net.InetSocketAddress;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's addresses as ours and back, without making them anew for those who write, or are written to, again and again.
 * An address has one slot in each direction, and what takes it next has it, so that many strangers cost others an address
 * made again, and no memory. From any thread: a slot holds an immutable pair, and whoever misses one makes it.
 */
final class Addresses {
    private static final int SLOTS = 256;

    private final @Nullable Pair[] senders = new Pair[SLOTS];
    private final @Nullable Pair[] targets = new Pair[SLOTS];

    Endpoint endpoint(InetSocketAddress sender) {
        int slot = slot(sender.hashCode());
        Pair pair = senders[slot];
        if (pair == null || !pair.address.equals(sender)) {
            pair = new Pair(Endpoint.of(sender), sender);
            senders[slot] = pair;
        }
        return pair.endpoint;
    }

    /** The same object each time, as a rule, which the channel then need not put into native form again. */
    InetSocketAddress socketAddress(Endpoint target) {
        int slot = slot(target.hashCode());
        Pair pair = targets[slot];
        if (pair == null || !pair.endpoint.equals(target)) {
            pair = new Pair(target, target.toSocketAddress());
            targets[slot] = pair;
        }
        return pair.address;
    }

    private static int slot(int hash) {
        // Fibonacci hashing: the uppermost bits depend on all others.
        return (hash * 0x9E3779B9) >>> 24;
    }

    private record Pair(Endpoint endpoint, InetSocketAddress address) {}
}
