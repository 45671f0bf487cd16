package org.dhtrpc.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What can be done to a network while it exists. Several faults may hold at once, each until it is healed; a datagram
 * arrives if none of them stops it. Memory: two bytes per host and partition.
 *
 * <p>For the thread that runs the simulation, as all of the network.
 */
public final class Faults {
    private final Kernel kernel;
    private final List<Partition> partitions = new ArrayList<>();

    Faults(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Parts the network now: datagrams pass within a group, and between those hosts that are in none, hosts to come
     * included, but not from one group to another, nor between a group and those in none. So one group is enough.
     *
     * @throws IllegalArgumentException if a host is in two groups
     */
    @SafeVarargs
    public final Partition partition(Collection<SimulatedHost>... groups) {
        List<Collection<SimulatedHost>> list = new ArrayList<>();
        for (Collection<SimulatedHost> group : groups) {
            list.add(group);
        }
        return add(Partition.groups(this, list, kernel.nanoTime()));
    }

    /** Parts one host from all others. */
    public Partition isolate(SimulatedHost host) {
        return partition(List.of(host));
    }

    /** Stops what any of the first hosts sends to any of the second, now, but not their answers. */
    public Partition cut(Collection<SimulatedHost> from, Collection<SimulatedHost> to) {
        return add(Partition.oneWay(this, from, to, kernel.nanoTime()));
    }

    /** Stops what the first host sends to the second. */
    public Partition cut(SimulatedHost from, SimulatedHost to) {
        return cut(List.of(from), List.of(to));
    }

    /** Heals all faults. */
    public void heal() {
        checkThread();
        partitions.clear();
    }

    private Partition add(Partition partition) {
        checkThread();
        partitions.add(partition);
        return partition;
    }

    void remove(Partition partition) {
        checkThread();
        partitions.remove(partition);
    }

    void checkThread() {
        kernel.checkThread();
    }

    /** Whether a datagram from one host to another is stopped now. */
    boolean cut(int from, int to) {
        // By index: this is asked twice for each datagram.
        for (int i = 0; i < partitions.size(); i++) {
            if (partitions.get(i).cuts(from, to, kernel.nanoTime())) {
                return true;
            }
        }
        return false;
    }
}
