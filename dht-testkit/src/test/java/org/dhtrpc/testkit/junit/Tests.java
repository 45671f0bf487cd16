package org.dhtrpc.testkit.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dhtrpc.testkit.Seeded;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** What JUnit says of a class of tests that is run with these parameters. */
record Tests(EngineExecutionResults results) {
    static Tests run(Class<?> type, Path folder) {
        return run(type, folder, Map.of());
    }

    static Tests replay(Class<?> type, Path folder, long seed) {
        return run(type, folder, Map.of(Seeded.SEED, Long.toString(seed)));
    }

    static Tests run(Class<?> type, Path folder, Map<String, String> parameters) {
        return new Tests(EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(type))
                .configurationParameter(Simulations.FOLDER, folder.toString())
                .configurationParameters(parameters)
                .execute());
    }

    /** The names of those that were begun. */
    List<String> names() {
        return results.testEvents().started().stream()
                .map(Event::getTestDescriptor)
                .map(TestDescriptor::getDisplayName)
                .toList();
    }

    List<String> passed() {
        return results.testEvents().succeeded().stream()
                .map(Event::getTestDescriptor)
                .map(TestDescriptor::getDisplayName)
                .toList();
    }

    long aborted() {
        return results.testEvents().aborted().count();
    }

    /** What the first that failed did so with, be it one test or all seeds of one. */
    Throwable failure() {
        return failures().get(0);
    }

    List<Throwable> failures() {
        List<Throwable> failures = new ArrayList<>();
        results.allEvents().failed().stream()
                .map(failed -> failed.getRequiredPayload(TestExecutionResult.class))
                .forEach(result -> failures.add(result.getThrowable().orElseThrow()));
        return failures;
    }

    /** The entries that were published in the report. */
    List<String> reported() {
        return results.testEvents().reportingEntryPublished().stream()
                .map(entry -> entry.getRequiredPayload(ReportEntry.class))
                .map(entry -> entry.getKeyValuePairs().get("simulation"))
                .toList();
    }
}
