package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.dhtrpc.Dht;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.report.Recording;
import org.jspecify.annotations.Nullable;

/**
 * Where {@link Scenario}s are run: how a node is made, what must hold, and what adversaries and faults there are beside the
 * testkit's own.
 *
 * <pre>{@code
 * Laboratory laboratory = Laboratory.of(host -> DhtNode.builder()
 *         .transport(host.transport()).codec(host.codec(new MsgpackCodec())).random(host.random()).id(host.id())
 *         .ephemeral(host.nat() != null)
 *         .verifiedContacts(host.contacts()).savedContacts(host.savedContacts())
 *         .bootstrap(host.bootstrap().toArray(Endpoint[]::new)).build());
 * Outcome outcome = laboratory.run(Scenario.parse(text));
 * }</pre>
 *
 * <p>The nodes store and look up values with the commands {@code store} and {@code lookup}, for which the laboratory registers
 * the handlers. A run checks these of itself, by name: {@code nothing throws} in the simulation, {@code operations end} within
 * two minutes, {@code tables are sound}; and once all faults are over, that {@code everybody joins} and that {@code the nearest
 * are found}, nine in ten of the 20 by the last fifty searches, within ten minutes.
 *
 * <p>Immutable. Each run has a network of its own, so runs may go side by side on several threads as long as the functions given
 * here share nothing that changes.
 */
public final class Laboratory {
    private final Function<? super SimulatedHost, ? extends Dht> node;
    private final @Nullable Supplier<? extends Codec> codec;
    private final boolean byReference;
    private final List<Check> checks;

    /** Words of ours, and what they do; in the order in which they were given. */
    private final Map<String, FaultKind.Act> acts;

    private final Consumer<? super Duration> progress;

    private Laboratory(
            Function<? super SimulatedHost, ? extends Dht> node,
            @Nullable Supplier<? extends Codec> codec,
            boolean byReference,
            List<Check> checks,
            Map<String, FaultKind.Act> acts,
            Consumer<? super Duration> progress) {
        this.node = node;
        this.codec = codec;
        this.byReference = byReference;
        this.checks = List.copyOf(checks);
        this.acts = Collections.unmodifiableMap(new LinkedHashMap<>(acts));
        this.progress = progress;
    }

    /**
     * A laboratory whose nodes this function makes: at the beginning with {@link SimulatedHost#contacts} in their tables, later
     * with {@link SimulatedHost#bootstrap} to join by, and after a restart with {@link SimulatedHost#savedContacts} as well; each
     * of the three is empty where it does not apply. Hosts behind a NAT should be ephemeral, unless the node finds out for itself.
     */
    public static Laboratory of(Function<? super SimulatedHost, ? extends Dht> node) {
        return new Laboratory(Objects.requireNonNull(node), null, false, List.of(), Map.of(), time -> {});
    }

    /** The same with the codec of adversaries that have no node: sybils, and those who eclipse. */
    public Laboratory codec(Supplier<? extends Codec> wire) {
        return new Laboratory(node, Objects.requireNonNull(wire), byReference, checks, acts, progress);
    }

    /** The same with messages that travel as they are: {@link org.dhtrpc.testkit.SimulatedNetworkBuilder#byReference}. */
    public Laboratory byReference() {
        return new Laboratory(node, codec, true, checks, acts, progress);
    }

    /**
     * The same with these checks on top.
     *
     * @throws IllegalArgumentException if two have one name, or one has that of a check that every run makes
     */
    public Laboratory check(Check... more) {
        List<Check> all = new ArrayList<>(checks);
        List<String> names = new ArrayList<>(List.of(Trial.NOTHING_THROWS));
        new Invariants().checks().forEach(check -> names.add(check.name()));
        checks.forEach(check -> names.add(check.name()));
        for (Check check : more) {
            if (names.contains(check.name())) {
                throw new IllegalArgumentException("Two checks are called '" + check.name() + "'");
            }
            names.add(check.name());
            all.add(check);
        }
        return new Laboratory(node, codec, byReference, all, acts, progress);
    }

    /**
     * The same with an adversary that a scenario calls by this word: {@code at 10s WORD 0.2 for 1m} has it capture a fifth of the
     * nodes for a minute.
     *
     * @param word small letters, digits and hyphens, and not one of the testkit's
     * @param adversary makes the one that captures them all, each time the line comes true
     * @throws IllegalArgumentException if the word cannot be taken
     */
    public Laboratory adversary(String word, Supplier<? extends Adversary> adversary) {
        return with(word, new Capture(adversary));
    }

    private record Capture(Supplier<? extends Adversary> adversary) implements FaultKind.Act {
        @Override
        public void check(Fault fault) {
            Quantity.checked("The share of the nodes that '" + fault.word() + "' captures", fault.amount(), 0, 1);
        }

        @Override
        public Runnable begin(World world, Fault fault, RandomGenerator random) {
            return Attacks.capture(world, fault, random, adversary.get());
        }
    }

    /**
     * The same with a fault that a scenario calls by this word.
     *
     * @param begin begins it
     * @param end ends it, when its time is over or the scenario has had its length; not if a check is violated before
     * @throws IllegalArgumentException if the word cannot be taken
     */
    public Laboratory fault(String word, Consumer<? super World> begin, Consumer<? super World> end) {
        return with(word, (world, fault, random) -> {
            begin.accept(world);
            return () -> end.accept(world);
        });
    }

    /**
     * The same, that tells somebody how much virtual time has passed: up to 200 times in a run, the last time when the scenario
     * has had its length and the network is left to recover. On the thread of the run.
     */
    public Laboratory progress(Consumer<? super Duration> listener) {
        return new Laboratory(node, codec, byReference, checks, acts, Objects.requireNonNull(listener));
    }

    private Laboratory with(String word, FaultKind.Act act) {
        if (!word.matches("[a-z][a-z0-9-]*") || FaultKind.of(word) != null || acts.containsKey(word)) {
            throw new IllegalArgumentException(
                    "A word is made of small letters, digits and hyphens, and there is one fault for it;" + " not '"
                            + word + "'. Taken are " + words());
        }
        Map<String, FaultKind.Act> all = new LinkedHashMap<>(acts);
        all.put(word, act);
        return new Laboratory(node, codec, byReference, checks, all, progress);
    }

    private String words() {
        List<String> all = new ArrayList<>(List.of(Fault.words()));
        all.addAll(acts.keySet());
        return String.join(", ", all);
    }

    /**
     * Makes sure that a scenario can be run here.
     *
     * @throws IllegalArgumentException if it has a fault that nobody knows, the message lists those known; or adversaries
     *     without a node, whose {@link #codec} nobody has said
     */
    public void verify(Scenario scenario) {
        for (Incident incident : scenario.incidents()) {
            String word = incident.fault().word();
            act(word).check(incident.fault());
            FaultKind kind = FaultKind.of(word);
            if (kind != null && kind.brings() && codec == null) {
                throw new IllegalArgumentException("'" + word
                        + "' brings hosts without a node, and nobody says how these write: call Laboratory.codec");
            }
        }
    }

    /**
     * Runs a scenario until it ends or a check does not hold.
     *
     * @throws IllegalArgumentException as {@link #verify} does
     */
    public Outcome run(Scenario scenario) {
        return new Trial(this, scenario, false).run();
    }

    /**
     * Runs a scenario likewise, and keeps what there is to see. It takes longer by a few per cent; the trace is the same.
     *
     * @param title what the run is about, for the report
     * @throws IllegalArgumentException as {@link #verify} does
     */
    public Recorded record(String title, Scenario scenario) {
        Trial trial = new Trial(this, scenario, true);
        Outcome outcome = trial.run();
        return new Recorded(outcome, trial.recording(title));
    }

    /** How a run went, and what it was like. */
    public record Recorded(Outcome outcome, Recording recording) {}

    Function<? super SimulatedHost, ? extends Dht> node() {
        return node;
    }

    /** The codec of those who have no node. */
    Codec wire() {
        return Objects.requireNonNull(codec).get();
    }

    Consumer<? super Duration> progress() {
        return progress;
    }

    boolean isByReference() {
        return byReference;
    }

    List<Check> checks() {
        return checks;
    }

    /** What a word stands for. */
    FaultKind.Act act(String word) {
        FaultKind kind = FaultKind.of(word);
        FaultKind.Act act = kind == null ? acts.get(word) : kind.act();
        if (act == null) {
            throw new IllegalArgumentException("Nobody knows the fault '" + word + "'; there are " + words());
        }
        return act;
    }
}
