package org.dhtrpc.testkit.scenario;

import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.SimulatedHost;

/** What adversaries do, as faults of a scenario. */
final class Attacks {
    private Attacks() {}

    /** Has one adversary capture a share of the nodes, until it lets them go. */
    static Runnable capture(World world, Fault fault, RandomGenerator random, Adversary adversary) {
        List<Resident> captured = world.residents().share(fault.amount(), random);
        captured.forEach(resident -> resident.host().capture(adversary));
        return () -> captured.stream().map(Resident::host).filter(SimulatedHost::captured).forEach(SimulatedHost::release);
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
