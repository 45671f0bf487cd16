package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Allocation;
import org.dhtrpc.holepunch.NatProfile.Answer;
import org.dhtrpc.holepunch.NatProfile.Mapping;

/**
 * Where servers see our sockets, and what follows for the NAT (RFC 4787, sections 4.1 and 4.2).
 *
 * @param main the main socket
 * @param probes further sockets, in the order in which they sent first
 * @param servers who was asked, each on a host of its own
 */
record Sightings(Probe main, List<Probe> probes, List<Endpoint> servers) {
    /** The socket of which most is known: the first further one, but for lost packets. */
    Probe reference() {
        return !probes.isEmpty()
                        && probes.get(0).seen().size()
                                >= Math.min(2, main.seen().size())
                ? probes.get(0)
                : main;
    }

    /** Whether they tell something of the mapping. */
    boolean suffice() {
        return reference().seen().size() >= Math.min(2, servers.size());
    }

    /** How the mapping depends on the destination, as far as one port of each server tells: on both if on any. */
    Mapping mapping() {
        Probe probe = reference();
        Endpoint agreed = probe.agreed();
        if (agreed != null && agreed.equals(probe.local())) {
            return Mapping.NONE;
        }
        if (servers.size() < 2 || probe.seen().size() < 2) {
            return Mapping.UNKNOWN;
        }
        // Two hosts see one port only if it is the same for all; whoever differs then is a liar.
        return agreed != null ? Mapping.ENDPOINT_INDEPENDENT : Mapping.ADDRESS_AND_PORT_DEPENDENT;
    }

    /**
     * The same with one question more answered; where it is still open, a NAT that keeps ports is taken for one of the usual kind.
     */
    Mapping mapping(Answer dependsOnPort) {
        Mapping mapping = mapping();
        if (mapping.dependent()) {
            return dependsOnPort == Answer.NO ? Mapping.ADDRESS_DEPENDENT : mapping;
        }
        if (mapping == Mapping.UNKNOWN && dependsOnPort == Answer.YES) {
            return Mapping.ADDRESS_AND_PORT_DEPENDENT;
        }
        boolean keepsPorts = allocation().allocation() == Allocation.PRESERVED;
        return mapping == Mapping.UNKNOWN && keepsPorts ? Mapping.ENDPOINT_INDEPENDENT : mapping;
    }

    /** How new external ports are picked. */
    PortSamples.Rule allocation() {
        if (mapping() == Mapping.NONE) {
            return new PortSamples.Rule(Allocation.PRESERVED, 0);
        }
        PortSamples samples = new PortSamples();
        for (Probe probe : probes) {
            List<Endpoint> seen = probe.seen();
            if (!seen.isEmpty()) {
                samples.first(probe.local().port(), seen.get(0).port());
                seen.stream().skip(1).forEach(external -> samples.further(external.port()));
            }
        }
        return samples.rule();
    }

    /** Those that answer this socket, but for neighbours, who see it as we do ourselves while others do not. */
    private static List<Endpoint> beyondTheNat(Probe probe) {
        List<Endpoint> answering = probe.answering();
        List<Endpoint> beyond = answering.stream()
                .filter(server -> {
                    Endpoint seen = probe.seenBy(server);
                    return seen != null && !Scope.sameHost(seen, probe.local());
                })
                .toList();
        return beyond.isEmpty() ? answering : beyond;
    }

    /** A socket as those alone see it. */
    static Probe withoutNeighbours(Probe probe) {
        return probe.by(beyondTheNat(probe));
    }

    /** The first of each host among those. */
    static List<Endpoint> distant(Probe probe) {
        return distinctHosts(beyondTheNat(probe));
    }

    /** So many of them, those first that are each on a host of its own. */
    static List<Endpoint> distinctHostsFirst(List<Endpoint> all, int most) {
        List<Endpoint> first = distinctHosts(all);
        first.addAll(all);
        return first.stream().distinct().limit(most).toList();
    }

    /** The first of each host. */
    private static List<Endpoint> distinctHosts(List<Endpoint> all) {
        List<Endpoint> distinct = new ArrayList<>();
        for (Endpoint one : all) {
            if (distinct.stream().noneMatch(other -> Scope.sameHost(one, other))) {
                distinct.add(one);
            }
        }
        return distinct;
    }
}
