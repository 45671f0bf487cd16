package org.dhtrpc.testkit.scenario;

import java.io.Serializable;
import java.time.Duration;

/**
 * A check that does not hold.
 *
 * @param check its name
 * @param at the virtual time
 * @param events how many events had run
 * @param detail what is wrong
 */
public record Violation(String check, Duration at, long events, String detail) implements Serializable {
    @Override
    public String toString() {
        return check + ": " + detail + " (at " + at + ", event " + events + ")";
    }
}
