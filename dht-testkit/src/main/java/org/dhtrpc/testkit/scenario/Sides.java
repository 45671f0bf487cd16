package org.dhtrpc.testkit.scenario;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dhtrpc.testkit.SimulatedHost;

/** Who was on which side of the last partition, for the picture of the ring. */
final class Sides {
    /** To look up, never to walk through. */
    private Set<SimulatedHost> last = new HashSet<>();

    void part(List<SimulatedHost> group) {
        last = new HashSet<>(group);
    }

    /** 1 for those that it set apart, 2 for the others; 0 if there was none. */
    int of(SimulatedHost host) {
        if (last.isEmpty()) {
            return 0;
        }
        return last.contains(host) ? 1 : 2;
    }
}
