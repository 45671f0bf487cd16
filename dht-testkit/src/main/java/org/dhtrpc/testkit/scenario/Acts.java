package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.dhtrpc.testkit.Link;
import org.dhtrpc.testkit.Nat;
import org.dhtrpc.testkit.Partition;
import org.dhtrpc.testkit.SimulatedHost;

/** What faults of networks and machines do. */
final class Acts {
    /** Of what happens at one instant: nothing is left to end. */
    static final Runnable OVER = () -> {};

    private static final Duration LATE = Duration.ofSeconds(1);

    private Acts() {}

    static Runnable partition(World world, Fault fault, RandomGenerator random) {
        List<SimulatedHost> group = hosts(world, fault, random);
        Partition partition = world.network().faults().partition(group);
        world.sides().part(group);
        return partition::heal;
    }

    static Runnable cut(World world, Fault fault, RandomGenerator random) {
        List<SimulatedHost> group = hosts(world, fault, random);
        Set<SimulatedHost> ours = new HashSet<>(group);
        List<SimulatedHost> others = world.network().hosts().stream()
                .filter(host -> !ours.contains(host))
                .toList();
        return world.network().faults().cut(group, others)::heal;
    }

    private static List<SimulatedHost> hosts(World world, Fault fault, RandomGenerator random) {
        return world.residents().share(fault.amount(), random).stream()
                .map(Resident::host)
                .toList();
    }

    static Runnable loss(World world, Fault fault, RandomGenerator random) {
        return change(world, link -> link.withLoss(fault.amount()));
    }

    static Runnable duplication(World world, Fault fault, RandomGenerator random) {
        return change(world, link -> link.withDuplication(fault.amount()));
    }

    static Runnable reordering(World world, Fault fault, RandomGenerator random) {
        return change(world, link -> link.withReordering(fault.amount(), LATE));
    }

    static Runnable corruption(World world, Fault fault, RandomGenerator random) {
        return change(world, link -> link.withCorruption(fault.amount()));
    }

    private static Runnable change(World world, UnaryOperator<Link> change) {
        return world.links().add(change);
    }

    static Runnable crash(World world, Fault fault, RandomGenerator random) {
        return depart(world, fault, random, world.residents()::crash);
    }

    static Runnable leave(World world, Fault fault, RandomGenerator random) {
        return depart(world, fault, random, world.residents()::leave);
    }

    private static Runnable depart(
            World world, Fault fault, RandomGenerator random, BiConsumer<Resident, Boolean> how) {
        List<Resident> gone = world.residents().share(fault.amount(), random);
        boolean returning = !fault.lasting().isZero();
        boolean remembering = returning && fault.detail().isEmpty();
        gone.forEach(resident -> how.accept(resident, remembering));
        return returning ? () -> gone.forEach(world.turnover()::comeBack) : OVER;
    }

    static Runnable pause(World world, Fault fault, RandomGenerator random) {
        List<Runnable> wakes = world.residents().share(fault.amount(), random).stream()
                .map(Resident::pause)
                .toList();
        return () -> wakes.forEach(Runnable::run);
    }

    static Runnable join(World world, Fault fault, RandomGenerator random) {
        for (int i = 0; i < (int) fault.amount(); i++) {
            world.turnover().arrive();
        }
        return OVER;
    }

    static Runnable drift(World world, Fault fault, RandomGenerator random) {
        Residents residents = world.residents();
        return residents.clocks().add(fault.amount(), residents.lots(1, random), residents.living());
    }

    static Runnable reboot(World world, Fault fault, RandomGenerator random) {
        nats(world, fault, random).forEach(Nat::reboot);
        return OVER;
    }

    static Runnable move(World world, Fault fault, RandomGenerator random) {
        nats(world, fault, random).stream().filter(Nat::translates).forEach(Nat::move);
        return OVER;
    }

    private static List<Nat> nats(World world, Fault fault, RandomGenerator random) {
        return world.residents().behindNats(fault.amount(), random).stream()
                .map(Resident::nat)
                .toList();
    }
}
