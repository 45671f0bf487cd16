package org.dhtrpc.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * What can be done to a network while it exists. Several faults may hold at once, each until it is healed; a datagram
 * arrives if none of them stops it. Memory: two bytes per host and partition.
 *
 * <p>For the thread that runs the simulation, as all of the network.
 */
public final class Faults {
    private final Medium medium;
    private final Kernel kernel;
    private final List<Partition> partitions = new ArrayList<>();
    private final List<Hold> holds = new ArrayList<>();

    Faults(Medium medium) {
        this.medium = medium;
        this.kernel = medium.kernel();
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

    /**
     * Catches from now on the datagrams that the filter accepts, when they arrive; it is asked then. Of several holds, the
     * one that was made first and accepts a datagram has it.
     */
    public Hold hold(Predicate<? super Held> filter) {
        checkThread();
        Hold hold = new Hold(medium, filter);
        holds.add(hold);
        return hold;
    }

    /** Heals all faults, and lets what is held arrive. */
    public void heal() {
        checkThread();
        partitions.clear();
        List.copyOf(holds).forEach(Hold::heal);
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

    void remove(Hold hold) {
        checkThread();
        holds.remove(hold);
    }

    void checkThread() {
        kernel.checkThread();
    }

    /** Whether a datagram from one host to another is stopped now. */
    boolean cut(int from, int to) {
        // By index, here and below: this is asked for each datagram, and makes no garbage.
        for (int i = 0; i < partitions.size(); i++) {
            if (partitions.get(i).cuts(from, to, kernel.nanoTime())) {
                return true;
            }
        }
        return false;
    }

    /** Whether one that waits for it has caught a datagram that arrives. */
    boolean catches(Flight flight) {
        for (int i = 0; i < holds.size(); i++) {
            if (holds.get(i).catches(flight)) {
                return true;
            }
        }
        return false;
    }
}
