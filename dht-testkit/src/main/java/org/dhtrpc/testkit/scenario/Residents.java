package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.KnownContact;
import org.dhtrpc.testkit.NatType;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;

/** Everybody who lives in a simulated network, those whom adversaries have captured included. */
final class Residents {
    /** How many nodes a newcomer is told of. */
    private static final int BOOTSTRAP = 3;

    /** How often somebody is drawn who may do, before all are looked at. */
    private static final int DRAWS = 20;

    private final SimulatedNetwork network;
    private final Function<? super SimulatedHost, ? extends Dht> maker;
    private final Scenario scenario;

    /** In an order that depends on who has come and gone. */
    private final List<Resident> living = new ArrayList<>();

    /** Those that live where others reach them; to look up, never to walk through. */
    private final Map<Endpoint, Resident> open = new HashMap<>();

    private final RandomGenerator natChance;
    private final List<Consumer<Resident>> onArrival = new ArrayList<>();
    private Consumer<Resident> onDeparture = resident -> {};

    Residents(SimulatedNetwork network, Function<? super SimulatedHost, ? extends Dht> maker, Scenario scenario) {
        this.network = network;
        this.maker = maker;
        this.scenario = scenario;
        this.natChance = network.random("nats", 0);
    }

    /** Another host, behind a NAT or not, without a node. */
    Resident settle() {
        NatType type = scenario.nats().draw(natChance);
        SimulatedHost host = type == null ? network.host() : network.host(network.nat(type));
        Store store = new Store(scenario.workload().republish(), network.random("store", host.number()));
        if (scenario.drift() > 0) {
            drift(host);
        }
        return new Resident(host, store);
    }

    /** Has a clock run as in this scenario clocks do. */
    void drift(SimulatedHost host) {
        drift(host, scenario.drift(), "drift");
    }

    /** Has a clock run faster or slower, by up to so many parts per million. */
    void drift(SimulatedHost host, double partsPerMillion, String label) {
        host.drift(partsPerMillion * (2 * network.random(label, host.number()).nextDouble() - 1));
    }

    /** Starts a node there; its table is filled, unless it was introduced to somebody. */
    void start(Resident resident) {
        Dht node = network.start(resident.host(), maker);
        resident.node = node;
        resident.life++;
        resident.place = living.size();
        living.add(resident);
        if (!resident.hidden()) {
            open.put(resident.host().endpoint(), resident);
        }
        resident.store.serve(node, resident.host().transport().loop());
        onArrival.forEach(listener -> listener.accept(resident));
    }

    /** Tells somebody who is about to start whom to ask. */
    void introduce(Resident resident, RandomGenerator random) {
        List<Endpoint> bootstrap = new ArrayList<>();
        for (int i = 0; i < BOOTSTRAP; i++) {
            Resident known = pick(random, other -> !other.hidden() && !other.captured() && other.joined());
            if (known != null && !bootstrap.contains(known.host().endpoint())) {
                bootstrap.add(known.host().endpoint());
            }
        }
        if (bootstrap.isEmpty()) {
            // Where nobody is left, whoever was first may come back.
            bootstrap.add(network.hosts().get(0).endpoint());
        }
        resident.host().introduce(bootstrap, resident.saved);
    }

    /** Pulls the plug. */
    void crash(Resident resident, boolean remembering) {
        end(resident, remembering, resident.host()::crash);
    }

    /** Closes in good order. */
    void leave(Resident resident, boolean remembering) {
        end(resident, remembering, resident.node()::close);
    }

    private void end(Resident resident, boolean remembering, Runnable how) {
        if (!resident.alive()) {
            return;
        }
        bury(resident);
        resident.saved = List.of();
        resident.stranger = !remembering;
        CompletableFuture<List<KnownContact>> contacts =
                remembering ? resident.node().contacts() : CompletableFuture.completedFuture(List.of());
        // Whoever stands still does not answer.
        if (remembering && !resident.paused()) {
            contacts.thenAccept(known -> {
                resident.saved = known.stream().map(KnownContact::contact).toList();
                how.run();
            });
        } else {
            how.run();
        }
        if (resident.stranger) {
            resident.store.clear();
        }
    }

    private void bury(Resident resident) {
        Resident last = living.remove(living.size() - 1);
        if (last != resident) {
            living.set(resident.place, last);
            last.place = resident.place;
        }
        resident.place = -1;
        open.remove(resident.host().endpoint(), resident);
        resident.store.rest();
        onDeparture.accept(resident);
    }

    /** Whom to tell of everybody who starts from now on, until the result is run. */
    Runnable onArrival(Consumer<Resident> listener) {
        onArrival.add(listener);
        return () -> onArrival.remove(listener);
    }

    /** Whom to tell of everybody who goes; one more. */
    void onDeparture(Consumer<Resident> listener) {
        onDeparture = onDeparture.andThen(listener);
    }

    List<Resident> living() {
        return living;
    }

    /** Those whom no adversary has. */
    List<Resident> honest() {
        return living.stream().filter(resident -> !resident.captured()).toList();
    }

    /** Whether somebody lives there. */
    boolean lives(Contact contact) {
        Resident resident = open.get(contact.endpoint());
        return resident != null && resident.host().id().equals(contact.id());
    }

    /** Whether an adversary has or had whoever lives there. */
    boolean suspects(Contact contact) {
        Resident resident = open.get(contact.endpoint());
        return resident != null && resident.suspect;
    }

    @Nullable
    Resident at(Endpoint endpoint) {
        return open.get(endpoint);
    }

    /** Somebody at random for whom the condition holds; null if there seems to be nobody. */
    @Nullable
    Resident pick(RandomGenerator random, Predicate<Resident> suitable) {
        if (living.isEmpty()) {
            return null;
        }
        for (int i = 0; i < DRAWS; i++) {
            Resident drawn = living.get(random.nextInt(living.size()));
            if (suitable.test(drawn)) {
                return drawn;
            }
        }
        List<Resident> all = living.stream().filter(suitable).toList();
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    /** This share of the living whom no adversary has. */
    List<Resident> share(double share, RandomGenerator random) {
        return share(share, random.nextLong());
    }

    /** The same by a label, for which the share of those to come can be {@link #drawn}. */
    List<Resident> share(double share, long label) {
        return share(honest(), share, label);
    }

    /** This share of those behind NATs. */
    List<Resident> behindNats(double share, RandomGenerator random) {
        return share(living.stream().filter(Resident::hidden).toList(), share, random.nextLong());
    }

    /** Whether somebody is one of a share of all who will ever come: each host has its lot, through all its lives. */
    static boolean drawn(Resident resident, double share, long label) {
        return lot(label, resident) < share;
    }

    /** Each host has its lot: who else is there does not change it. */
    private static List<Resident> share(List<Resident> from, double share, long label) {
        int count = (int) StrictMath.rint(share * from.size());
        return from.stream()
                .sorted(Comparator.comparingDouble((Resident resident) -> lot(label, resident))
                        .thenComparing(resident -> resident.host().number()))
                .limit(count)
                .toList();
    }

    /** 0 to 1. */
    private static double lot(long label, Resident resident) {
        // SplitMix64's step and finaliser, so that neighbours have nothing in common.
        long bits = label + resident.host().number() * 0x9E37_79B9_7F4A_7C15L;
        bits = (bits ^ bits >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D0_49BB_1331_11EBL;
        return ((bits ^ bits >>> 31) >>> 11) * 0x1.0p-53;
    }
}
