package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.SimulatedHost;

/** What adversaries do, as faults of a scenario. */
final class Attacks {
    private Attacks() {}

    /** Has one adversary capture a share of the nodes, and of those who come while it is there, until it lets them go. */
    static Runnable capture(World world, Fault fault, RandomGenerator random, Adversary adversary) {
        List<SimulatedHost> captured = new ArrayList<>();
        long label = random.nextLong();
        world.residents().share(fault.amount(), label).forEach(resident -> take(resident.host(), adversary, captured));
        Runnable leaving = world.residents().onArrival(resident -> {
            if (!resident.captured() && Residents.drawn(resident, fault.amount(), label)) {
                take(resident.host(), adversary, captured);
            }
        });
        return () -> {
            leaving.run();
            captured.stream().filter(SimulatedHost::captured).forEach(SimulatedHost::release);
        };
    }

    private static void take(SimulatedHost host, Adversary adversary, List<SimulatedHost> captured) {
        host.capture(adversary);
        captured.add(host);
    }

    static Runnable liars(World world, Fault fault, RandomGenerator random) { throw new UnsupportedOperationException(); }
    static Runnable blackHoles(World world, Fault fault, RandomGenerator random) { throw new UnsupportedOperationException(); }
    static Runnable silent(World world, Fault fault, RandomGenerator random) { throw new UnsupportedOperationException(); }
    static Runnable drips(World world, Fault fault, RandomGenerator random) { throw new UnsupportedOperationException(); }
    static Runnable spoofers(World world, Fault fault, RandomGenerator random) { throw new UnsupportedOperationException(); }
    static Runnable replayers(World world, Fault fault, RandomGenerator random) { throw new UnsupportedOperationException(); }
    static Runnable flooders(World world, Fault fault, RandomGenerator random) { throw new UnsupportedOperationException(); }
    static Runnable reflectors(World world, Fault fault, RandomGenerator random) { throw new UnsupportedOperationException(); }
    static Runnable sybils(World world, Fault fault, RandomGenerator random) { throw new UnsupportedOperationException(); }
    static Runnable eclipse(World world, Fault fault, RandomGenerator random) { throw new UnsupportedOperationException(); }
}
