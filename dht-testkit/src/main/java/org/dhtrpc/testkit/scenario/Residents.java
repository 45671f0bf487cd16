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
import java.util.stream.IntStream;
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
    private final Clocks clocks;

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
        this.clocks = new Clocks(network, scenario.drift());
        this.natChance = network.random("nats", 0);
    }

    /** Another host, behind a NAT or not, without a node. */
    Resident settle() {
        NatType type = scenario.nats().draw(natChance);
        SimulatedHost host = type == null ? network.host() : network.host(network.nat(type));
        Store store = new Store(scenario.workload().republish(), network.random("store", host.number()));
        return new Resident(host, store);
    }

    /** Starts a node there; its table is filled, unless it was introduced to somebody. */
    void start(Resident resident) {
        clocks.set(resident);
        Dht node = network.start(resident.host(), maker);
        resident.live(node);
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
            bootstrap.add(lastResort(resident, random));
        }
        resident.host().introduce(bootstrap, resident.saved);
    }

    /**
     * Somebody who has not joined either, or is not to be trusted. Where nobody is left a network begins with whoever is open;
     * the others wait for the first one that was, who may come back.
     */
    private Endpoint lastResort(Resident resident, RandomGenerator random) {
        Resident known = pick(random, other -> !other.hidden());
        if (known == null && resident.hidden()) {
            return network.hosts().stream()
                    .filter(host -> host.nat() == null)
                    .findFirst()
                    .orElse(resident.host())
                    .endpoint();
        }
        return (known == null ? resident : known).host().endpoint();
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
        if (resident.stranger) {
            resident.store.clear();
        }
        CompletableFuture<List<KnownContact>> contacts =
                remembering ? resident.node().contacts() : CompletableFuture.completedFuture(List.of());
        // Whoever stands still may not answer.
        if (contacts.isDone() || resident.paused()) {
            save(resident, contacts, how);
        } else {
            int life = resident.life;
            contacts.whenComplete((known, failure) -> {
                if (resident.life == life) {
                    save(resident, contacts, how);
                }
            });
        }
    }

    private static void save(Resident resident, CompletableFuture<List<KnownContact>> contacts, Runnable how) {
        if (contacts.isDone() && !contacts.isCompletedExceptionally()) {
            resident.saved = contacts.join().stream().map(KnownContact::contact).toList();
        }
        resident.node = null;
        how.run();
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

    Clocks clocks() {
        return clocks;
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

    /** Lots for a share of all. */
    Lots lots(double share, RandomGenerator random) {
        int count = scenario.nodes();
        return new Lots(share, random.nextLong(), count, IntStream.rangeClosed(1, count));
    }

    /** This share of the living, whether adversaries have them or not. */
    List<Resident> share(double share, RandomGenerator random) {
        return drawn(lots(share, random), resident -> true);
    }

    /** This share of those behind NATs. */
    List<Resident> behindNats(double share, RandomGenerator random) {
        int count = scenario.nodes();
        IntStream hidden = network.hosts().stream()
                .limit(count)
                .filter(host -> host.nat() != null)
                .mapToInt(SimulatedHost::number);
        return drawn(new Lots(share, random.nextLong(), count, hidden), Resident::hidden);
    }

    /** Those of the living who are drawn, in the order of their lots. */
    List<Resident> drawn(Lots lots, Predicate<Resident> suitable) {
        return living.stream()
                .filter(resident -> suitable.test(resident) && lots.draw(resident))
                .sorted(Comparator.comparingDouble(lots::of)
                        .thenComparing(resident -> resident.host().number()))
                .toList();
    }
}
