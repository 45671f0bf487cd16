package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** What a contract says of an implementation. */
final class Verdict {
    private Verdict() {}

    /** The rules with a test that fails, in alphabetical order and with blanks between. */
    static String of(Class<?> contract) {
        Events tests = events(selectClass(contract));
        assertThat(tests.succeeded().count()).as("tests that succeed").isPositive();
        return failed(tests);
    }

    /** The same of one of its tests. */
    static String of(Class<?> contract, String test) {
        return failed(events(selectMethod(contract, test)));
    }

    private static Events events(DiscoverySelector selector) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selector)
                .configurationParameter(Broken.VERDICT, "true")
                .execute()
                .testEvents();
    }

    private static String failed(Events tests) {
        Set<String> rules = tests.failed().stream().map(Verdict::rule).collect(Collectors.toCollection(TreeSet::new));
        return String.join(" ", rules);
    }

    private static String rule(Event event) {
        String name = ((MethodSource) event.getTestDescriptor().getSource().orElseThrow()).getMethodName();
        return name.substring(0, name.indexOf('_'));
    }
}
