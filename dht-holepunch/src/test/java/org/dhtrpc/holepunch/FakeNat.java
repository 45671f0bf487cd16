package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Allocation;
import org.dhtrpc.holepunch.NatProfile.Filtering;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.jspecify.annotations.Nullable;

/** A NAT with one external address, or a firewall, of the kind that is wanted (RFC 4787). */
final class FakeNat {
    private static final int FIRST = 20_000;
    private static final int PORTS = 4_096;

    private record Key(Endpoint local, @Nullable Endpoint to) {}

    private static final class Entry {
        private final Endpoint local;
        private final Set<Endpoint> sentTo = new HashSet<>();
        private long used;

        Entry(Endpoint local) {
            this.local = local;
        }
    }

    final Mapping mapping;
    final Filtering filtering;
    final Allocation allocation;
    final int step;
    boolean hairpin;
    long lifetime = Long.MAX_VALUE;
    int next = FIRST;
    double othersTake;

    /** Hosts on the same side of it as the one before it. */
    final List<Endpoint> neighbours = new ArrayList<>();

    private final Map<Key, Endpoint> externals = new HashMap<>();
    private final Map<Endpoint, Entry> entries = new HashMap<>();
    private final Endpoint external;
    private final RandomGenerator random;

    FakeNat(
            Mapping mapping,
            Filtering filtering,
            Allocation allocation,
            int step,
            Endpoint external,
            RandomGenerator random) {
        this.mapping = mapping;
        this.filtering = filtering;
        this.allocation = allocation;
        this.step = step;
        this.external = external;
        this.random = random;
    }

    boolean isBehind(Endpoint to) {
        return Scope.sameHost(to, external);
    }

    /** What a datagram's source is outside. */
    Endpoint out(long now, Endpoint local, Endpoint to) {
        Endpoint outside = mapping == Mapping.NONE ? local : mapped(now, local, to);
        Entry entry = entries.computeIfAbsent(outside, any -> new Entry(local));
        entry.sentTo.add(to);
        entry.used = now;
        return outside;
    }

    private Endpoint mapped(long now, Endpoint local, Endpoint to) {
        Key key = new Key(
                local,
                switch (mapping) {
                    case ADDRESS_DEPENDENT -> Endpoint.of(to.address(), 0);
                    case ADDRESS_AND_PORT_DEPENDENT -> to;
                    default -> null;
                });
        Endpoint known = externals.get(key);
        if (known != null && alive(now, known)) {
            return known;
        }
        Endpoint fresh = fresh(local);
        externals.put(key, fresh);
        return fresh;
    }

    private Endpoint fresh(Endpoint local) {
        while (true) {
            int port = switch (allocation) {
                case PRESERVED -> local.port();
                case SEQUENTIAL -> sequential();
                default -> random.nextInt(1_024, 65_536);
            };
            Endpoint fresh = Endpoint.of(external.address(), port);
            if (!entries.containsKey(fresh) || allocation == Allocation.PRESERVED) {
                return fresh;
            }
        }
    }

    private int sequential() {
        int taken;
        do {
            taken = next;
            next = FIRST + Math.floorMod(next - FIRST + step, PORTS);
        } while (random.nextDouble() < othersTake);
        return taken;
    }

    /** Where a datagram goes inside; null if it is not let through. */
    @Nullable
    Endpoint in(long now, Endpoint from, Endpoint to) {
        Entry entry = entries.get(to);
        if (entry == null || !alive(now, to)) {
            return mapping == Mapping.NONE && filtering == Filtering.ENDPOINT_INDEPENDENT ? to : null;
        }
        boolean passes = switch (filtering) {
            case ADDRESS_DEPENDENT -> entry.sentTo.stream().anyMatch(one -> Scope.sameHost(one, from));
            case ADDRESS_AND_PORT_DEPENDENT -> entry.sentTo.contains(from);
            default -> true;
        };
        return passes ? entry.local : null;
    }

    private boolean alive(long now, Endpoint outside) {
        Entry entry = entries.get(outside);
        return entry == null || now - entry.used <= lifetime;
    }
}
