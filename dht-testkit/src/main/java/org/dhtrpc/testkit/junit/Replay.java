package org.dhtrpc.testkit.junit;

import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.AssertionFailedError;

/** How a run is seen again: the command of Maven's that runs one test with one seed. */
record Replay(String command) {
    static Replay of(ExtensionContext context, long seed) {
        String type = context.getRequiredTestClass().getName();
        String test = type.substring(type.lastIndexOf('.') + 1) + "#"
                + context.getRequiredTestMethod().getName();
        // A shell takes the $ in the name of a nested class for its own.
        String quote = test.contains("$") ? "'" : "";
        return new Replay("mvn test -Dtest=" + quote + test + quote + " -D" + Seeded.SEED + "=" + seed);
    }

    /**
     * The same failure at the same place, with more in its message: tools show the message and the place of the outermost
     * one, and from an {@link AssertionFailedError} what was expected beside what was there.
     *
     * @param end seed, virtual time and trace hash
     */
    AssertionFailedError wrap(Throwable failure, String end) {
        String what = failure instanceof AssertionError && failure.getMessage() != null
                ? failure.getMessage()
                : failure.toString();
        // Assertions on a network say where it stood themselves.
        String place = what.endsWith(end) ? "to replay: " : end + "; to replay: ";
        String message = what + System.lineSeparator() + place + command;
        AssertionFailedError replayable =
                failure instanceof AssertionFailedError failed && failed.isExpectedDefined() && failed.isActualDefined()
                        ? new AssertionFailedError(message, failed.getExpected(), failed.getActual(), failed)
                        : new AssertionFailedError(message, failure);
        replayable.setStackTrace(failure.getStackTrace());
        return replayable;
    }

    /** One seed, two runs. */
    AssertionFailedError different(String first, String second) {
        return new AssertionFailedError("Two runs of one seed differ, so something but the seed decides what happens"
                + System.lineSeparator() + first + System.lineSeparator() + second + "; to replay: " + command);
    }
}
