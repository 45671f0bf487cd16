package org.dhtrpc.natlab;

import java.util.Set;

/**
 * Who is to reach whom.
 *
 * @param from the kind of NAT before the caller, as the table has it
 * @param to the kind of NAT before the peer
 * @param caller the host that calls
 * @param peer the host that is called
 * @param expected what has to come of it
 * @param extra whether it stands beside the table, and does not count in its sums
 */
record Cell(String from, String to, String caller, String peer, Expected expected, boolean extra) {
    /** What has to come of every try. */
    enum Expected {
        /** A path of its own. */
        DIRECT,
        /** A path of its own, or one by way of the referrer. */
        CONNECTED,
        /** None, since no UDP passes the peer's router. */
        UNREACHABLE,
        /** None, since no UDP passes the caller's router, which it says within {@value #BLOCKED_MS} ms. */
        BLOCKED
    }

    /** How long a caller behind blocked UDP may take to notice. */
    static final int BLOCKED_MS = 5_000;

    /** Kinds that take another port for each peer. */
    private static final Set<String> SYMMETRIC = Set.of("sym", "seq", "sa", "syme", "pm");

    /** How many of both take another port for each peer. */
    int symmetric() {
        return (SYMMETRIC.contains(from) ? 1 : 0) + (SYMMETRIC.contains(to) ? 1 : 0);
    }

    /** Whether an option names it: by kinds, or by hosts. */
    boolean named(String from, String to) {
        return (this.from.equals(from) && this.to.equals(to)) || (host(caller, from) && host(peer, to));
    }

    private static boolean host(String host, String name) {
        return host.equals(name) || Laboratory.nat(host).equals(name);
    }

    @Override
    public String toString() {
        return from + ":" + to;
    }
}
