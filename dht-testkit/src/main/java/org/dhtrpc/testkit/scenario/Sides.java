package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dhtrpc.testkit.SimulatedHost;

/** Who is on which side of a partition, for the picture of the ring. */
final class Sides {
    private final List<List<SimulatedHost>> groups = new ArrayList<>();

    /** To look up, never to walk through. */
    private Set<SimulatedHost> last = new HashSet<>();

    void part(List<SimulatedHost> group) {
        groups.add(group);
        last = new HashSet<>(group);
    }

    void heal(List<SimulatedHost> group) {
        groups.remove(group);
    }

    /** 1 for those that the last partition set apart, 2 for the others; 0 if there was none. */
    int of(SimulatedHost host) {
        if (last.isEmpty()) {
            return 0;
        }
        return last.contains(host) ? 1 : 2;
    }
}
