package org.dhtrpc.testkit;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.dhtrpc.testkit.NatType.Allocation;
import org.dhtrpc.testkit.NatType.Filtering;
import org.dhtrpc.testkit.NatType.Mapping;
import org.jspecify.annotations.Nullable;

/**
 * What a NAT remembers: which of its ports stands for which inner endpoint, and who sends to whom through it. Like
 * connection tracking it goes by sessions, so that an answer leaves by the port at which the question came, whatever the
 * mapping. All maps are asked by key, or go by age.
 */
final class NatTable {
    private static final int FIRST_PORT = 1_024;
    private static final int LAST_PORT = 65_535;

    /** How many mappings may be permanent: with the largest table of sessions, ports are left. */
    private static final int MAX_PERMANENT = 4_000;

    /** Stands for all remote endpoints. */
    private static final Endpoint ANY = Endpoint.of(new byte[4], 0);

    private final NatType type;
    private final long timeout;
    private final RandomStream random;

    /** By what of a flow decides about its mapping. */
    private final Map<Flow, PortMapping> mappings = new HashMap<>();

    private final Map<Endpoint, PortMapping> byExternal = new HashMap<>();

    /** Those that are there for good, by their inner endpoints. */
    private final Map<Endpoint, PortMapping> permanent = new HashMap<>(4);

    /** The one that was not used for longest first. */
    private final Map<Flow, Session> sessions = new LinkedHashMap<>();

    /** When unwanted datagrams came that the router took for its own, from external to remote; the oldest first. */
    private final Map<Flow, Long> strays = new LinkedHashMap<>();

    private int nextPort;

    NatTable(NatType type, RandomStream random) {
        this.type = type;
        this.timeout = type.timeout().toNanos();
        this.random = random;
        nextPort = random.nextInt(FIRST_PORT, LAST_PORT + 1);
    }

    /** One endpoint on this side, and one beyond. */
    private record Flow(Endpoint near, Endpoint remote) {}

    /** One external endpoint, and whom it stands for. */
    private static final class PortMapping {
        final Endpoint inner;
        final Endpoint external;

        /** Where it is found; null if it is permanent, or one session's alone. */
        final @Nullable Flow key;

        boolean permanent;
        long used;
        int sessions;

        /** Where the filter asks for addresses: in how many sessions the inner endpoint has sent to each. */
        @Nullable
        Map<Endpoint, Integer> peers;

        PortMapping(Endpoint inner, Endpoint external, @Nullable Flow key) {
            this.inner = inner;
            this.external = external;
            this.key = key;
        }
    }

    private static final class Session {
        final PortMapping mapping;

        /** Whether the inner endpoint has sent, and not only been sent to. */
        boolean sent;

        long used;

        Session(PortMapping mapping) {
            this.mapping = mapping;
        }
    }

    /**
     * The external endpoint by which a datagram leaves.
     *
     * @param outside the NAT's own address, with any port
     */
    Endpoint out(Endpoint inner, Endpoint remote, Endpoint outside, long now) {
        expire(now);
        Flow flow = new Flow(inner, remote);
        Session session = sessions.get(flow);
        if (session == null) {
            session = open(flow, mapping(flow, outside), now);
        }
        if (!session.sent) {
            session.sent = true;
            count(session.mapping, remote, 1);
        }
        use(flow, session, now);
        return session.mapping.external;
    }

    /** The inner endpoint that a datagram from outside goes to; null if it does not get in. */
    @Nullable
    Endpoint in(Endpoint remote, Endpoint external, long now) {
        expire(now);
        PortMapping mapping = byExternal.get(external);
        if (mapping == null || taken(external, remote)) {
            stray(external, remote, now);
            return null;
        }
        Flow flow = new Flow(mapping.inner, remote);
        Session session = sessions.get(flow);
        if (session != null && session.mapping == mapping) {
            if (session.sent) {
                use(flow, session, now);
            }
            return mapping.inner;
        }
        if (!admits(mapping, remote, now)) {
            stray(external, remote, now);
            return null;
        }
        if (session == null) {
            open(flow, mapping, now);
        }
        return mapping.inner;
    }

    private boolean admits(PortMapping mapping, Endpoint remote, long now) {
        if (mapping.permanent) {
            return true;
        }
        return switch (type.filtering()) {
            // A session that a stranger has begun may outlive the mapping, but does not keep it open for others.
            case ENDPOINT_INDEPENDENT -> now - mapping.used < timeout;
            case ADDRESS_DEPENDENT -> mapping.peers != null && mapping.peers.containsKey(address(remote));
            case ADDRESS_AND_PORT_DEPENDENT, ALL -> false;
        };
    }

    /** Whom an external endpoint stands for; null if nobody. */
    @Nullable
    Endpoint inner(Endpoint external) {
        PortMapping mapping = byExternal.get(external);
        return mapping == null ? null : mapping.inner;
    }

    /** A mapping that is there for good, and open for everyone. */
    Endpoint map(Endpoint inner, Endpoint outside, long now) {
        expire(now);
        PortMapping mapping = permanent.get(inner);
        if (mapping != null) {
            return mapping.external;
        }
        if (permanent.size() == MAX_PERMANENT) {
            throw new IllegalStateException("A NAT has at most " + MAX_PERMANENT + " permanent mappings");
        }
        Flow flow = new Flow(inner, ANY);
        mapping = mappings.get(key(flow));
        if (mapping == null) {
            mapping = add(inner, external(Allocation.PRESERVE, flow, outside), null);
        }
        mapping.permanent = true;
        permanent.put(inner, mapping);
        return mapping.external;
    }

    /** How many sessions there are. */
    int sessions(long now) {
        expire(now);
        return sessions.size();
    }

    private PortMapping mapping(Flow flow, Endpoint outside) {
        PortMapping mapping = permanent.get(flow.near);
        Flow key = key(flow);
        if (mapping == null) {
            mapping = mappings.get(key);
        }
        if (mapping == null) {
            return add(flow.near, external(type.allocation(), flow, outside), key);
        }
        return taken(mapping.external, flow.remote)
                ? add(flow.near, external(Allocation.RANDOM, flow, outside), null)
                : mapping;
    }

    private Flow key(Flow flow) {
        return switch (type.mapping()) {
            case NONE, ENDPOINT_INDEPENDENT -> new Flow(flow.near, ANY);
            case ADDRESS_DEPENDENT -> new Flow(flow.near, address(flow.remote));
            case ADDRESS_AND_PORT_DEPENDENT -> flow;
        };
    }

    private PortMapping add(Endpoint inner, Endpoint external, @Nullable Flow key) {
        PortMapping mapping = new PortMapping(inner, external, key);
        byExternal.put(external, mapping);
        if (key != null) {
            mappings.put(key, mapping);
        }
        return mapping;
    }

    private Endpoint external(Allocation allocation, Flow flow, Endpoint outside) {
        if (type.mapping() == Mapping.NONE) {
            return flow.near;
        }
        Endpoint external = port(allocation == Allocation.PRESERVE ? flow.near.port() : next(allocation), outside);
        while (byExternal.containsKey(external) || taken(external, flow.remote)) {
            external = port(next(allocation), outside);
        }
        return external;
    }

    private int next(Allocation allocation) {
        if (allocation != Allocation.SEQUENTIAL) {
            return random.nextInt(FIRST_PORT, LAST_PORT + 1);
        }
        int port = nextPort;
        nextPort = port == LAST_PORT ? FIRST_PORT : port + 1;
        return port;
    }

    private static Endpoint port(int port, Endpoint outside) {
        return Endpoint.of(outside.address(), port);
    }

    private static Endpoint address(Endpoint endpoint) {
        return port(0, endpoint);
    }

    /** Whether the router itself converses there. */
    private boolean taken(Endpoint external, Endpoint remote) {
        return !strays.isEmpty() && strays.containsKey(new Flow(external, remote));
    }

    private void stray(Endpoint external, Endpoint remote, long now) {
        if (type.tracksUnknown() && type.mapping() != Mapping.NONE) {
            Flow flow = new Flow(external, remote);
            strays.remove(flow);
            strays.put(flow, now);
            if (strays.size() > type.size()) {
                removeFirst(strays.keySet().iterator());
            }
        }
    }

    private static void removeFirst(Iterator<?> iterator) {
        iterator.next();
        iterator.remove();
    }

    private Session open(Flow flow, PortMapping mapping, long now) {
        Session session = new Session(mapping);
        mapping.sessions++;
        session.used = now;
        sessions.put(flow, session);
        if (sessions.size() > type.size()) {
            closeFirst();
        }
        return session;
    }

    private void use(Flow flow, Session session, long now) {
        session.used = now;
        session.mapping.used = now;
        sessions.remove(flow);
        sessions.put(flow, session);
    }

    private void count(PortMapping mapping, Endpoint remote, int more) {
        if (type.filtering() != Filtering.ADDRESS_DEPENDENT) {
            return;
        }
        if (mapping.peers == null) {
            mapping.peers = new HashMap<>(4);
        }
        mapping.peers.merge(address(remote), more, (a, b) -> a + b == 0 ? null : a + b);
    }

    private void closeFirst() {
        Iterator<Map.Entry<Flow, Session>> iterator = sessions.entrySet().iterator();
        Map.Entry<Flow, Session> first = iterator.next();
        iterator.remove();
        Session session = first.getValue();
        PortMapping mapping = session.mapping;
        if (session.sent) {
            count(mapping, first.getKey().remote, -1);
        }
        mapping.sessions--;
        if (mapping.sessions == 0 && !mapping.permanent) {
            byExternal.remove(mapping.external);
            if (mapping.key != null) {
                mappings.remove(mapping.key);
            }
        }
    }

    /** All live equally long from their last use on, so that those which are over come first. */
    private void expire(long now) {
        while (!sessions.isEmpty() && now - sessions.values().iterator().next().used >= timeout) {
            closeFirst();
        }
        while (!strays.isEmpty() && now - strays.values().iterator().next() >= timeout) {
            removeFirst(strays.keySet().iterator());
        }
    }
}
