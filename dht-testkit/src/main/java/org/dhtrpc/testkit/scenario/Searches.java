package org.dhtrpc.testkit.scenario;

import org.dhtrpc.Key;
import org.dhtrpc.testkit.report.Operation;

/** Hears of every operation. */
interface Searches {
    /** Nobody listens. */
    Searches NONE = new Searches() {};

    default void begin(long number, Operation.Kind kind, Resident asker, Key target) {}

    default void end(long number, Operation operation) {}

    /** Its asker went before it ended. */
    default void forget(long number) {}
}
