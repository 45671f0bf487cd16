package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.SimulatedNetworkBuilder;
import org.dhtrpc.testkit.SimulationException;
import org.dhtrpc.testkit.report.Recording;
import org.dhtrpc.testkit.report.Verdict;
import org.jspecify.annotations.Nullable;

/** One run of a scenario: first everything happens that it says, then all faults end and the network has time to recover. */
final class Trial {
    static final String NOTHING_THROWS = "nothing throws";
    private static final int DEEPEST = 100;

    /** Assertions may quote thousands of keys. */
    private static final int LONGEST = 2_000;

    private static final Duration GLANCE = Duration.ofSeconds(1);

    /** How many looks are taken at a run. */
    private static final int LOOKS = 200;

    private final Laboratory laboratory;
    private final Scenario scenario;
    private final SimulatedNetwork network;
    private final World world;
    private final Incidents incidents;
    private final List<Check> checks = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();

    /** What had to come true in the end, and has. */
    private final List<String> reached = new ArrayList<>();

    private final @Nullable Recorder recorder;
    private @Nullable Violation violation;

    Trial(Laboratory laboratory, Scenario scenario, boolean recording) {
        this.scenario = scenario;
        this.laboratory = laboratory;
        laboratory.verify(scenario);
        SimulatedNetworkBuilder builder =
                SimulatedNetwork.seeded(scenario.seed()).link(scenario.link());
        network = (laboratory.isByReference() ? builder.byReference() : builder).build();
        SearchLog log = recording ? new SearchLog(network) : null;
        world = new World(scenario, laboratory, network, log == null ? Searches.NONE : log);
        incidents = new Incidents(world, laboratory);
        recorder = log == null ? null : new Recorder(world, log);
        checks.addAll(new Invariants().checks());
        checks.addAll(laboratory.checks());
    }

    Outcome run() {
        try {
            begin();
            happen();
            if (violation == null) {
                recover();
            }
            if (recorder != null) {
                recorder.sample();
            }
        } catch (SimulationException failure) {
            violate(NOTHING_THROWS, failure.getMessage() + " " + root(failure));
        } catch (RuntimeException | AssertionError failure) {
            violate(NOTHING_THROWS, failure + " " + root(failure));
        } finally {
            world.clients().close();
            network.close();
        }
        Score score = world.score();
        return new Outcome(
                scenario.toString(),
                network.toString(),
                violation,
                seen,
                world.residents().honest().size(),
                score.of(Counter.FOUND) + score.of(Counter.MISSED),
                score.found(),
                score.of(Counter.SEARCHES),
                score.recall(),
                network.events());
    }

    /** All that the scenario says. */
    private void happen() {
        Duration step = longer(scenario.length().dividedBy(LOOKS), GLANCE);
        while (violation == null && network.elapsed().compareTo(scenario.length()) < 0) {
            Duration left = scenario.length().minus(network.elapsed());
            proceed(step.compareTo(left) < 0 ? step : left);
            if (violation == null) {
                laboratory.progress().accept(network.elapsed());
            }
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Where something was thrown: the first line that is not the JDK's, which are others in each version. */
    private static String root(Throwable failure) {
        Throwable cause = failure;
        // Chains of causes may be circles.
        for (int i = 0; i < DEEPEST && cause.getCause() != null; i++) {
            cause = cause.getCause();
        }
        // Without the module that a frame's own text begins with on the module path.
        return Stream.of(cause.getStackTrace())
                .filter(frame -> !frame.getClassName().matches("(java|jdk)\\..*"))
                .findFirst()
                .map(frame -> "at " + frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber())
                .orElse("");
    }

    private void begin() {
        List<Resident> all = new ArrayList<>(scenario.nodes());
        for (int i = 0; i < scenario.nodes(); i++) {
            all.add(world.residents().settle());
        }
        all.forEach(world.residents()::start);
        incidents.begin(scenario.incidents());
        world.turnover().begin();
        world.clients().begin();
        for (Check check : checks) {
            switch (check.kind()) {
                case EVERY -> repeat(check.time(), () -> look(check));
                case SOMETIMES -> repeat(check.time(), () -> glance(check));
                default -> {}
            }
        }
        if (recorder != null) {
            recorder.look();
        }
    }

    private void repeat(Duration time, Runnable task) {
        EventLoop loop = network.loop();
        loop.schedule(loop.nanoTime() + time.toNanos(), () -> {
            task.run();
            repeat(time, task);
        });
    }

    private void look(Check check) {
        String wrong = wrong(check);
        if (wrong != null) {
            violate(check.name(), wrong);
        }
    }

    private void glance(Check check) {
        if (seen.contains(check.name())) {
            return;
        }
        String wrong = wrong(check);
        if (wrong == null) {
            seen.add(check.name());
        } else if (wrong.startsWith(Violation.ITSELF)) {
            violate(check.name(), wrong);
        }
    }

    /** What is wrong with it now; null if it holds. */
    private @Nullable String wrong(Check check) {
        try {
            check.verify(world);
            return null;
        } catch (AssertionError e) {
            String message = String.valueOf(e.getMessage()).strip();
            return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + " …";
        } catch (RuntimeException e) {
            return Violation.ITSELF + e + " " + root(e);
        }
    }

    private void violate(String check, String detail) {
        if (violation == null) {
            violation = new Violation(check, network.elapsed(), network.events(), detail);
        }
    }

    private void proceed(Duration time) {
        List<Check> always = checks.stream()
                .filter(check -> check.kind() == Verdict.Kind.ALWAYS)
                .toList();
        network.runUntil(
                () -> {
                    for (int i = 0; i < always.size(); i++) {
                        look(always.get(i));
                    }
                    return violation != null;
                },
                time);
        if (recorder != null) {
            recorder.look();
        }
    }

    /** Ends all faults, and waits for what must come true eventually. */
    private void recover() {
        incidents.end();
        network.faults().heal();
        world.turnover().end();
        world.clients().recover();
        Duration start = network.elapsed();
        List<Check> waiting = new ArrayList<>(checks.stream()
                .filter(check -> check.kind() == Verdict.Kind.EVENTUALLY)
                .toList());
        while (true) {
            Duration waited = network.elapsed().minus(start);
            for (Check check : List.copyOf(waiting)) {
                String wrong = wrong(check);
                if (wrong == null) {
                    waiting.remove(check);
                    reached.add(check.name());
                } else if (waited.compareTo(check.time()) >= 0) {
                    violate(check.name(), wrong);
                }
            }
            if (waiting.isEmpty() || violation != null) {
                break;
            }
            proceed(GLANCE);
        }
        if (violation == null) {
            scenario.expectations().forEach(this::measure);
        }
    }

    private void measure(Expectation expectation) {
        double measured = expectation.measured(world.score());
        if (!expectation.isMeasured(world.score())) {
            // Another name: who shrinks the one must not end at the other.
            violate("there is something to expect " + expectation + " of", "nothing that counts has ended");
        } else if (measured < expectation.least()) {
            violate("expect " + expectation, String.format(Locale.ROOT, "it was %.4f", measured));
        } else {
            reached.add("expect " + expectation);
        }
    }

    Recording recording(String title) {
        if (recorder == null) {
            throw new IllegalStateException("Nothing was recorded");
        }
        return recorder.recording(title, incidents.moments(), verdicts());
    }

    private List<Verdict> verdicts() {
        List<Verdict> verdicts = new ArrayList<>();
        verdicts.add(verdict(NOTHING_THROWS, Verdict.Kind.ALWAYS, true));
        for (Check check : checks) {
            boolean met = switch (check.kind()) {
                case SOMETIMES -> seen.contains(check.name());
                case EVENTUALLY -> reached.contains(check.name());
                default -> true;
            };
            verdicts.add(verdict(check.name(), check.kind(), met));
        }
        scenario.expectations()
                .forEach(expectation -> verdicts.add(verdict(
                        "expect " + expectation, Verdict.Kind.EVENTUALLY, reached.contains("expect " + expectation))));
        String broken = violation == null ? NOTHING_THROWS : violation.check();
        if (verdicts.stream().noneMatch(verdict -> verdict.check().equals(broken))) {
            verdicts.add(verdict(broken, Verdict.Kind.EVENTUALLY, false));
        }
        return verdicts;
    }

    private Verdict verdict(String check, Verdict.Kind kind, boolean met) {
        Violation broken = violation;
        if (broken != null && broken.check().equals(check)) {
            return new Verdict(check, kind, false, broken.detail());
        }
        return new Verdict(check, kind, met, met ? "" : "not in this run");
    }
}
