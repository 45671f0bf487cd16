package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.FilterDiscovery.Subject;
import org.dhtrpc.holepunch.HairpinDiscovery.Side;
import org.dhtrpc.holepunch.NatProfile.Answer;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.dhtrpc.holepunch.Transactions.Patience;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what NAT or firewall is before a node (RFC 4787, RFC 5780), with the help of servers that have one address each.
 *
 * <ol>
 *   <li>The main socket asks up to four servers where it is seen, and so does the first of five further sockets, which tells how
 *       the mapping depends on the destination. The servers that answer this one first are those to go on with: the main socket
 *       has paths through other people's filters, and mappings that others began.
 *   <li>The other sockets ask one server each, which tells how ports are allocated.
 *   <li>{@link FilterDiscovery}, {@link HairpinDiscovery} and, for a dependent mapping, {@link PortDependence}; at once.
 * </ol>
 *
 * <p>With two servers on distinct hosts it is certain; one gives what it can. It takes some ten round trips, most of which wait for
 * what a filter does not let through, and 15 to 45 datagrams.
 */
final class Classifier {
    /** How many servers are asked at first. */
    static final int MOST_ASKED = 4;

    /** How many are made use of. */
    static final int MOST_USED = 3;

    /** The further sockets. The first one asks all servers; two are subjects of the filter's test, two of the hairpin's. */
    static final int SOCKETS = 5;

    private static final int FIRST_SUBJECT = 1;
    private static final int SECOND_SUBJECT = 2;
    private static final int ONE_SIDE = 3;
    private static final int OTHER_SIDE = 4;

    private static final Patience FIRST = new Patience(150_000_000L, 4);

    /** When two servers suffice. */
    private static final long GRACE = 300_000_000L;

    /** When it makes do with what it has, in either of the later steps. */
    private static final long LIMIT = 2_000_000_000L;

    private static final long LEAST_GAP = 60_000_000L;
    private static final long MOST_GAP = 250_000_000L;

    /** Takes what was found out. */
    @FunctionalInterface
    interface Outcome {
        /**
         * It is over.
         *
         * @param profile null if nobody answered: UDP is blocked, or no server is there
         */
        void classified(long now, @Nullable NatProfile profile);
    }

    private enum Stage {
        IDLE,
        SERVERS,
        MAPPINGS,
        BEHAVIOUR
    }

    private final Timers timers;
    private final Outbox outbox;
    private final Transactions transactions;
    private final RandomGenerator random;
    private final Detours detours;

    private Stage stage = Stage.IDLE;
    private int run;
    private Outcome outcome = (now, profile) -> {};
    private Probe main = new Probe(Outbox.MAIN, Endpoint.of(new byte[4], 0));
    private PortDependence dependence;
    private @Nullable FilterDiscovery filter;
    private @Nullable HairpinDiscovery hairpin;
    private final List<Integer> opening = new ArrayList<>();
    private final List<Probe> probes = new ArrayList<>();
    private Sightings sightings = new Sightings(main, probes, List.of());
    private int pending;
    private boolean hurry;
    private long roundTrip;

    Classifier(Timers timers, Outbox outbox, Transactions transactions, RandomGenerator random) {
        this.timers = timers;
        this.outbox = outbox;
        this.transactions = transactions;
        this.random = random;
        detours = new Detours(random);
        dependence = new PortDependence(timers, transactions, random);
    }

    /** Whether one is under way. */
    boolean running() {
        return stage != Stage.IDLE;
    }

    /**
     * Begins.
     *
     * @param helpers STUN servers, on the far side of the NAT; those on distinct hosts are of more use
     * @param local what the main socket is bound to. If that is any address, give the one that leads out: that addresses are not
     *     translated can be told by it only
     * @throws IllegalStateException if one is under way
     */
    void begin(long now, List<Endpoint> helpers, Endpoint local, Outcome outcome) {
        if (running()) {
            throw new IllegalStateException("A classification is under way");
        }
        stage = Stage.SERVERS;
        this.outcome = outcome;
        main = new Probe(Outbox.MAIN, local);
        dependence = new PortDependence(timers, transactions, random);
        filter = null;
        hairpin = null;
        roundTrip = 0;
        for (int i = 0; i < SOCKETS; i++) {
            opening.add(outbox.open());
        }
        sightings = new Sightings(main, probes, Sightings.distinctHostsFirst(helpers, MOST_ASKED));
        pending = 0;
        askAll(now, main);
        hurryAfter(now, GRACE);
        proceed(now);
    }

    private void askAll(long now, Probe probe) {
        pending += sightings.servers().size();
        sightings.servers().forEach(server -> ask(now, probe, server, FIRST));
    }

    /** Makes do with what is known by then. */
    private void hurryAfter(long now, long wait) {
        hurry = false;
        timers.at(now + wait, ofThisStep(later -> {
            hurry = true;
            proceed(later);
        }));
    }

    private void ask(long now, Probe probe, Endpoint server, Patience patience) {
        int current = run;
        probe.asks(server);
        transactions.bind(
                now,
                random,
                probe.socket(),
                server,
                patience,
                (at, answer) -> {
                    if (current == run) {
                        answered(probe, server, at - now, patience, answer);
                        settled(at);
                    }
                },
                ofThisStep(this::settled));
    }

    private void answered(Probe probe, Endpoint server, long took, Patience patience, StunMessage answer) {
        dependence.note(server, answer);
        Endpoint external = answer.seen();
        if (external == null) {
            return;
        }
        probe.seen(server, external);
        if (took < patience.first()) {
            roundTrip = Math.max(roundTrip, took);
        }
    }

    private void settled(long now) {
        pending--;
        proceed(now);
    }

    /** True if the socket is one of ours. */
    boolean opened(long now, int socket, Endpoint local) {
        if (!opening.remove((Integer) socket)) {
            return false;
        }
        Endpoint host = local.isWildcard() ? main.local() : local;
        Probe probe = new Probe(socket, Endpoint.of(host.address(), local.port()));
        probes.add(probe);
        if (probes.size() == 1) {
            askAll(now, probe);
        }
        proceed(now);
        return true;
    }

    /** True if the socket would have been one of ours; it goes without. */
    boolean notOpened(long now, int socket) {
        boolean ours = opening.remove((Integer) socket);
        if (ours) {
            proceed(now);
        }
        return ours;
    }

    /** Something came in that answers no transaction; true if it belongs to a classification. */
    boolean receive(long now, int socket, Endpoint from, StunMessage message) {
        if (message.kind() == Kind.SUCCESS) {
            sightings.servers().forEach(server -> dependence.note(server, from));
        }
        return detours.receive(now, socket, from, message);
    }

    private void proceed(long now) {
        if (stage == Stage.SERVERS && opening.isEmpty()) {
            List<Endpoint> distant = Sightings.distant(probes.isEmpty() ? main : probes.get(0));
            if (distant.size() >= MOST_USED || pending == 0 || (hurry && distant.size() > 1)) {
                askForMappings(now, distant.isEmpty() ? Sightings.distant(main) : distant);
            }
        } else if (stage == Stage.MAPPINGS && (pending == 0 || (hurry && sightings.suffice()))) {
            testBehaviour(now);
        } else if (stage == Stage.BEHAVIOUR && (pending == 0 || hurry)) {
            end(now, profile());
        }
    }

    private void askForMappings(long now, List<Endpoint> distant) {
        if (distant.isEmpty()) {
            end(now, null);
            return;
        }
        stage = Stage.MAPPINGS;
        run++;
        List<Endpoint> servers = distant.subList(0, Math.min(MOST_USED, distant.size()));
        servers.forEach(server -> main.answering().forEach(other -> dependence.note(server, other)));
        probes.replaceAll(Sightings::withoutNeighbours);
        sightings = new Sightings(Sightings.withoutNeighbours(main), probes, servers);
        hurryAfter(now, LIMIT);
        Patience patience = new Patience(2 * gap(), 5);
        pending = Math.max(0, probes.size() - 1);
        for (int i = 1; i < probes.size(); i++) {
            ask(now, probes.get(i), servers.get(i == SECOND_SUBJECT ? servers.size() / 2 : 0), patience);
        }
        proceed(now);
    }

    private long gap() {
        return Math.min(Math.max(roundTrip == 0 ? MOST_GAP : roundTrip, LEAST_GAP), MOST_GAP);
    }

    private void testBehaviour(long now) {
        stage = Stage.BEHAVIOUR;
        run++;
        pending = 1;
        hurryAfter(now, LIMIT);
        testFilter(now);
        testHairpin(now);
        Mapping mapping = sightings.mapping();
        if (mapping.dependent()
                || (mapping == Mapping.UNKNOWN && sightings.servers().size() == 1)) {
            pending++;
            LongConsumer ended = ofThisStep(this::settled);
            PortDependence question = dependence;
            // By then a server that was asked for its other port has it.
            timers.at(
                    now + gap(),
                    later -> question.begin(later, sightings.reference(), sightings.servers(), gap(), ended));
        }
        settled(now);
    }

    private LongConsumer ofThisStep(LongConsumer task) {
        int current = run;
        return now -> {
            if (current == run) {
                task.accept(now);
            }
        };
    }

    private void testFilter(long now) {
        List<Subject> subjects = new ArrayList<>();
        for (Probe probe : probes.subList(Math.min(FIRST_SUBJECT, probes.size()), Math.min(ONE_SIDE, probes.size()))) {
            sightings.servers().stream()
                    .filter(server -> probe.seenBy(server) != null)
                    .forEach(server -> subjects.add(new Subject(probe, server)));
        }
        pending++;
        Probe asker = sightings.reference();
        filter = new FilterDiscovery(
                timers, outbox, detours, subjects, asker, sightings.servers(), gap(), ofThisStep(this::settled));
        filter.begin(now);
    }

    private void testHairpin(long now) {
        if (probes.size() < SOCKETS || sightings.mapping() == Mapping.NONE) {
            return;
        }
        Endpoint server = sightings.servers().get(0);
        Endpoint one = probes.get(ONE_SIDE).seenBy(server);
        Endpoint other = probes.get(OTHER_SIDE).seenBy(server);
        if (one != null && other != null) {
            pending++;
            Side oneSide = new Side(probes.get(ONE_SIDE), one);
            Side otherSide = new Side(probes.get(OTHER_SIDE), other);
            hairpin =
                    new HairpinDiscovery(timers, outbox, detours, oneSide, otherSide, gap(), ofThisStep(this::settled));
            hairpin.begin(now);
        }
    }

    private NatProfile profile() {
        PortSamples.Rule rule = sightings.allocation();
        Mapping mapping = sightings.mapping(dependence.verdict());
        NatProfile.Filtering filtering = filter == null ? NatProfile.Filtering.UNKNOWN : filter.verdict(mapping);
        Answer hairpins = hairpin == null ? Answer.UNKNOWN : hairpin.reached() ? Answer.YES : Answer.NO;
        Endpoint seen = mapping.dependent() ? null : sightings.main().agreed();
        return new NatProfile(mapping, filtering, rule.allocation(), rule.step(), hairpins, seen, null, null);
    }

    private void end(long now, @Nullable NatProfile profile) {
        Outcome told = outcome;
        close();
        told.classified(now, profile);
    }

    /** Gives it up, if one is under way; nobody is told. */
    void close() {
        run++;
        stage = Stage.IDLE;
        outcome = (now, profile) -> {};
        opening.forEach(outbox::close);
        probes.forEach(probe -> outbox.close(probe.socket()));
        opening.clear();
        probes.clear();
        detours.clear();
        dependence.stop();
        if (filter != null) {
            filter.stop();
        }
        if (hairpin != null) {
            hairpin.stop();
        }
    }
}
