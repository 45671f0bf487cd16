package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.testkit.Oracle;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;

/**
 * A scenario that is being run, as {@link Check}s and a {@link Laboratory}'s own faults see it. For the thread that runs it, and
 * while it runs.
 */
public final class World {
    /** How old the truth may be, in virtual time: to find it out takes longer than a search. */
    private static final Duration TRUTH = Duration.ofSeconds(1);

    private final Scenario scenario;
    private final SimulatedNetwork network;
    private final Residents residents;
    private final Score score = new Score();
    private final LinkChanges links;
    private final Sides sides = new Sides();
    private final Turnover turnover;
    private final Searches searches;
    private final Clients clients;
    private final Laboratory laboratory;
    private final List<SimulatedHost> puppets = new ArrayList<>();
    private final List<Key> puppetIds = new ArrayList<>();

    private Oracle oracle = new Oracle(List.of());
    private List<Contact> listed = List.of();
    private @Nullable Duration oracleTime;

    World(Scenario scenario, Laboratory laboratory, SimulatedNetwork network, Searches searches) {
        this.scenario = scenario;
        this.laboratory = laboratory;
        this.network = network;
        this.searches = searches;
        this.residents = new Residents(network, laboratory.node(), scenario);
        this.links = new LinkChanges(network, scenario.link());
        this.turnover = new Turnover(network, residents, score, scenario.churn());
        this.clients = new Clients(this, scenario.workload());
        residents.onDeparture(gone -> score.count(Counter.DEPARTURES));
    }

    /** What is being run. */
    public Scenario scenario() {
        return scenario;
    }

    /** Where it is run; the clock is its own to turn. */
    public SimulatedNetwork network() {
        return network;
    }

    /** The virtual time since the beginning. */
    public Duration elapsed() {
        return network.elapsed();
    }

    /** The nodes that are there and that no adversary has, in the order of their hosts. */
    public List<Dht> nodes() {
        return byNumber().map(Resident::node).toList();
    }

    /** The hosts of {@link #nodes}, in the same order. */
    public List<SimulatedHost> hosts() {
        return byNumber().map(Resident::host).toList();
    }

    private Stream<Resident> byNumber() {
        return residents.honest().stream()
                .sorted(Comparator.comparingInt(resident -> resident.host().number()));
    }

    /** How often something has happened so far. */
    public long count(Counter counter) {
        return score.of(counter);
    }

    /** The share of the reads so far that found their value; 1 if none has ended. */
    public double found() {
        return score.found();
    }

    /** The share of the stores begun so far that somebody acknowledged; 1 if there were none. */
    public double stored() {
        return score.stored();
    }

    /**
     * Which share of the 20 nearest nodes the searches so far have found, in the mean, not counting those whom adversaries have
     * or had; 1 if none has ended.
     */
    public double recall() {
        return score.recall();
    }

    /** How long the oldest operation has been under way whose node is still there and awake; zero if there is none. */
    public Duration oldestOperation() {
        return clients.oldest();
    }

    /** The keys of all values that somebody has acknowledged, in that order. */
    public List<Key> keys() {
        return clients.stored().stream().map(Key::hashOf).toList();
    }

    /** How many of {@link #nodes} hold the value with this key. */
    public int holders(Key key) {
        return (int) residents.honest().stream()
                .filter(resident -> resident.store.holds(key))
                .count();
    }

    /**
     * The truth about who is nearest to what: of those who are there, have joined and are listed, those whom an adversary has
     * included. Up to a second old.
     */
    public Oracle oracle() {
        if (oracleTime == null || elapsed().minus(oracleTime).compareTo(TRUTH) >= 0) {
            // To be found depends on more than on coming and going: nodes join, wake up, and find out what they are
            // behind.
            List<Contact> now = residents.living().stream()
                    .filter(resident -> !resident.hidden()
                            && resident.joined()
                            && !resident.paused()
                            && !resident.node().ephemeral())
                    .map(resident ->
                            new Contact(resident.host().id(), resident.host().endpoint()))
                    .toList();
            if (!now.equals(listed)) {
                listed = now;
                oracle = new Oracle(now);
            }
            oracleTime = elapsed();
        }
        return oracle;
    }

    /** The hosts that adversaries have and that were nobody's before. */
    List<SimulatedHost> puppets() {
        return puppets;
    }

    /** The ids that such hosts have chosen, also of those that are gone. */
    List<Key> puppetIds() {
        return puppetIds;
    }

    Laboratory laboratory() {
        return laboratory;
    }

    Residents residents() {
        return residents;
    }

    Score score() {
        return score;
    }

    LinkChanges links() {
        return links;
    }

    Sides sides() {
        return sides;
    }

    Turnover turnover() {
        return turnover;
    }

    Searches searches() {
        return searches;
    }

    Clients clients() {
        return clients;
    }
}
