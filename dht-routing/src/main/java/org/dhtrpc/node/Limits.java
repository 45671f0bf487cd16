package org.dhtrpc.node;

import java.util.function.Predicate;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.AddressFamily;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/** What this wire and this transport can do for a caller; asked at the call, from any thread. */
final class Limits {
    /** Nodes that one query may name. */
    static final int MAX_NODES = 160;

    private final Codec codec;
    private final Wire wire;
    private final Key id;
    private final boolean ipv4;
    private final boolean ipv6;
    private final Endpoint local;
    private final Predicate<Endpoint> filter;

    /** What is the same in all of the {@linkplain #largest} requests; most nodes never need it. */
    private @Nullable Request constant;

    /** What was found to fit last: as many bytes, or fewer, need not be measured. */
    private @Nullable Fit fit;

    private record Fit(Command command, boolean targeted, int bytes) {
        boolean covers(Query query, Bytes value) {
            return command.equals(query.command()) && (targeted || query.target() == null) && value.size() <= bytes;
        }
    }

    /** @throws IllegalArgumentException if wire and transport do not go together */
    Limits(Codec codec, Transport transport, Key id, Predicate<Endpoint> filter) {
        this.codec = codec;
        this.wire = codec.wire();
        this.id = id;
        this.filter = filter;
        this.local = transport.localAddress();
        // A socket bound to "::" reaches both families.
        this.ipv4 = (local.isIPv4() || local.isWildcard()) && wire.families().contains(AddressFamily.IPV4);
        this.ipv6 = !local.isIPv4() && wire.families().contains(AddressFamily.IPV6);
        if (!ipv4 && !ipv6) {
            throw new IllegalArgumentException("The wire " + wire.name() + " carries " + wire.families()
                    + ", but the transport is bound to " + local);
        }
        if (transport.maxPayload() < wire.maxDatagram()) {
            throw new IllegalArgumentException("The wire " + wire.name() + " has datagrams of up to "
                    + wire.maxDatagram() + " bytes, but the transport at " + local + " takes at most "
                    + transport.maxPayload());
        }
    }

    /** Whether an endpoint is one that can be sent to, and may be. */
    boolean reachable(Endpoint endpoint) {
        return reaches(endpoint) && filter.test(endpoint);
    }

    /** Whether an endpoint is one that can be sent to: no wildcard, and of a family that wire and transport have. */
    boolean reaches(Endpoint endpoint) {
        return endpoint.port() != 0 && !endpoint.isWildcard() && (endpoint.isIPv4() ? ipv4 : ipv6);
    }

    /** @throws IllegalArgumentException if nobody can be reached there from here */
    void check(Endpoint endpoint) {
        if (endpoint.port() == 0) {
            throw new IllegalArgumentException("Nobody can be reached at port 0: " + endpoint);
        }
        if (endpoint.isWildcard()) {
            throw new IllegalArgumentException("The address of no node: " + endpoint);
        }
        if (!reaches(endpoint)) {
            throw new IllegalArgumentException("The node at " + local + " reaches "
                    + (ipv4 ? ipv6 ? "IPv4 and IPv6" : "IPv4" : "IPv6") + " only, not " + endpoint);
        }
        if (!filter.test(endpoint)) {
            throw new IllegalArgumentException("The address filter of this node refuses " + endpoint);
        }
    }

    /** @throws IllegalArgumentException if the text is no node's address, or a literal that cannot be reached from here */
    void check(String text) {
        Endpoint literal = HostNames.literal(text);
        if (literal != null) {
            check(literal);
        }
    }

    /** @throws IllegalArgumentException if the wire cannot carry the command */
    void check(Command command) {
        if (!wire.commands().test(command)) {
            throw new IllegalArgumentException("The wire " + wire.name() + " cannot carry the command " + command);
        }
    }

    /** @throws IllegalArgumentException if the wire cannot carry the command, or the value does not fit */
    void check(Query query) {
        check(query.command());
        Bytes value = query.value();
        Fit known = fit;
        if (value == null || (known != null && known.covers(query, value))) {
            return;
        }
        int excess = codec.size(largest(query, value)) - wire.maxDatagram();
        if (excess > 0) {
            throw new IllegalArgumentException("A value of " + value.size() + " bytes does not fit in a datagram of "
                    + wire.maxDatagram() + "; with the command " + query.command() + " it may have at most "
                    + Math.max(0, value.size() - excess));
        }
        fit = new Fit(query.command(), query.target() != null, value.size());
    }

    /** The largest form in which a query travels: the commit, to an address of the longest kind. */
    private Request largest(Query query, Bytes value) {
        Request part = constant;
        if (part == null) {
            Endpoint to = Endpoint.of(new byte[ipv6 ? 16 : 4], 1);
            Bytes token = Bytes.of(new byte[wire.tokenBytes()]);
            part = new Request(wire.longestTransaction(), id, to, Command.PING, null, token, null);
            constant = part;
        }
        return new Request(
                part.transaction(),
                part.sender(),
                part.to(),
                query.command(),
                query.target(),
                !query.command().builtIn(),
                part.token(),
                value,
                null,
                0);
    }
}
