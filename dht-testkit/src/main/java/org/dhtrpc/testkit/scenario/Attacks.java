package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.adversary.BlackHoles;
import org.dhtrpc.testkit.adversary.Eclipse;
import org.dhtrpc.testkit.adversary.Flood;
import org.dhtrpc.testkit.adversary.Liars;
import org.dhtrpc.testkit.adversary.Reflection;
import org.dhtrpc.testkit.adversary.SlowDrips;
import org.dhtrpc.testkit.adversary.SpoofedReplies;
import org.dhtrpc.testkit.adversary.Sybils;
import org.dhtrpc.testkit.adversary.TokenReplay;
import org.jspecify.annotations.Nullable;

/** What adversaries do, as faults of a scenario: some capture a share of the nodes, others bring hosts of their own. */
final class Attacks {
    /** How often each host of a flood, a reflection or a forger sends. */
    private static final double PER_SECOND = 20;

    private static final int TRANSACTION_BITS = 16;

    /** Nobody else's ids share as many bits with a key. */
    private static final int NEAR = 64;

    private static final int BOOTSTRAP = 3;
    private static final int REFLECTORS = 20;
    private static final int BUCKETS = 8;
    private static final Duration OLD = Duration.ofMinutes(15);

    private Attacks() {}

    static Runnable liars(World world, Fault fault, RandomGenerator random) {
        return capture(world, fault, random, new Liars());
    }

    static Runnable blackHoles(World world, Fault fault, RandomGenerator random) {
        return capture(world, fault, random, new BlackHoles());
    }

    static Runnable silent(World world, Fault fault, RandomGenerator random) {
        return capture(world, fault, random, BlackHoles.silent());
    }

    static Runnable drips(World world, Fault fault, RandomGenerator random) {
        return capture(world, fault, random, new SlowDrips());
    }

    /** Has one adversary capture a share of the nodes, and of those who come while it is there, until it lets them go. */
    static Runnable capture(World world, Fault fault, RandomGenerator random, Adversary adversary) {
        List<SimulatedHost> captured = new ArrayList<>();
        Lots lots = world.residents().lots(fault.amount(), random);
        world.residents()
                .drawn(lots, resident -> !resident.captured())
                .forEach(resident -> take(resident, adversary, captured));
        Runnable leaving = world.residents().onArrival(resident -> {
            if (!resident.captured() && lots.draw(resident)) {
                take(resident, adversary, captured);
            }
        });
        return () -> {
            leaving.run();
            captured.stream().filter(SimulatedHost::captured).forEach(SimulatedHost::release);
        };
    }

    private static void take(Resident resident, Adversary adversary, List<SimulatedHost> captured) {
        resident.host().capture(adversary);
        resident.suspect = true;
        captured.add(resident.host());
    }

    static Runnable sybils(World world, Fault fault, RandomGenerator random) {
        Key key = fault.detail().isEmpty()
                ? Key.random(random)
                : Key.parse(fault.detail().substring(FaultKind.NEAR.length()));
        Sybils sybils = new Sybils(key, Sybils.sharing(NEAR, key), open(world, BOOTSTRAP, random));
        Runnable end = puppets(world, fault, sybils);
        world.puppetIds().addAll(sybils.ids());
        return end;
    }

    static Runnable eclipse(World world, Fault fault, RandomGenerator random) {
        Resident victim = victim(world, random);
        if (victim == null) {
            return Acts.OVER;
        }
        Eclipse eclipse = new Eclipse(victim.host().endpoint(), victim.host().id(), BUCKETS);
        Runnable end = puppets(world, fault, eclipse);
        world.puppetIds().addAll(eclipse.ids());
        return end;
    }

    static Runnable flood(World world, Fault fault, RandomGenerator random) {
        Resident victim = victim(world, random);
        return victim == null
                ? Acts.OVER
                : puppets(
                        world,
                        fault,
                        new Flood(victim.host().endpoint(), PER_SECOND, Command.FIND_NODE, Key.random(random)));
    }

    static Runnable reflection(World world, Fault fault, RandomGenerator random) {
        Resident victim = victim(world, random);
        List<Endpoint> reflectors = open(world, REFLECTORS, random);
        return victim == null || reflectors.isEmpty()
                ? Acts.OVER
                : puppets(
                        world,
                        fault,
                        new Reflection(
                                victim.host().endpoint(),
                                reflectors,
                                PER_SECOND,
                                Command.FIND_NODE,
                                Key.random(random)));
    }

    static Runnable spoofers(World world, Fault fault, RandomGenerator random) {
        Resident victim = victim(world, random);
        List<Endpoint> sources = open(world, REFLECTORS, random);
        return victim == null || sources.isEmpty()
                ? Acts.OVER
                : puppets(
                        world,
                        fault,
                        new SpoofedReplies(victim.host().endpoint(), sources, PER_SECOND, TRANSACTION_BITS));
    }

    static Runnable replayers(World world, Fault fault, RandomGenerator random) {
        Resident victim = victim(world, random);
        if (victim == null) {
            return Acts.OVER;
        }
        Bytes value = Bytes.utf8("replayed");
        Command store = Store.store(value).command();
        return puppets(world, fault, new TokenReplay(victim.host().endpoint(), store, Key.hashOf(value), value, OLD));
    }

    /** So many hosts that are nobody's before, until they lose power. */
    private static Runnable puppets(World world, Fault fault, Adversary adversary) {
        List<SimulatedHost> hosts = new ArrayList<>();
        for (int i = 0; i < (int) fault.amount(); i++) {
            SimulatedHost host = world.network().host();
            host.capture(adversary, world.laboratory().wire());
            hosts.add(host);
        }
        world.puppets().addAll(hosts);
        return () -> {
            // A set: there may be a million.
            world.puppets().removeAll(Set.copyOf(hosts));
            hosts.forEach(SimulatedHost::crash);
        };
    }

    private static @Nullable Resident victim(World world, RandomGenerator random) {
        return world.residents().share(1, random).stream()
                .filter(resident -> !resident.hidden() && !resident.captured())
                .findFirst()
                .orElse(null);
    }

    private static List<Endpoint> open(World world, int count, RandomGenerator random) {
        return world.residents().share(1, random).stream()
                .filter(resident -> !resident.hidden() && !resident.captured() && resident.joined())
                .map(resident -> resident.host().endpoint())
                .limit(count)
                .toList();
    }
}
