package org.dhtrpc.interop;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One thing that has to work between the two.
 *
 * @param name what it is, in plain words
 * @param wire on which wire
 * @param deadline after which it has failed
 * @param body what is done
 */
record InteropCase(String name, Wires wire, Duration deadline, Body body) {
    /** Throws if it does not work. */
    @FunctionalInterface
    interface Body {
        void run(Lab lab) throws Exception;
    }

    /** On one wire. */
    static Stream<InteropCase> on(Wires wire, String what, int seconds, Body body) {
        return Stream.of(new InteropCase(wire.words + ": " + what, wire, Duration.ofSeconds(seconds), body));
    }

    /** On both, one after the other. */
    static Stream<InteropCase> onBoth(String what, int seconds, Body body) {
        return Arrays.stream(Wires.values()).flatMap(wire -> on(wire, what, seconds, body));
    }

    /** All cases, in the order in which they run. */
    static List<InteropCase> all() {
        return Stream.of(
                        Joining.cases(),
                        Storing.cases(),
                        Standing.cases(),
                        Errors.cases(),
                        Tokens.cases(),
                        BuiltIns.cases(),
                        Deaths.cases(),
                        SeedSuite.cases(),
                        Swarms.cases(),
                        Recall.cases(),
                        Example.cases())
                .flatMap(cases -> cases)
                .toList();
    }
}
