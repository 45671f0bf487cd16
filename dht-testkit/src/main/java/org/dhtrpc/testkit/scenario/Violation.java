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
    /** How the detail begins if the check threw what is no {@link AssertionError}. */
    static final String ITSELF = "the check itself fails: ";

    /** Whether it is the same failure: of the same check, and of what it looks at or of the check itself, as there. */
    boolean isLike(Violation other) {
        return check.equals(other.check) && detail.startsWith(ITSELF) == other.detail.startsWith(ITSELF);
    }

    @Override
    public String toString() {
        return check + ": " + detail + " (at " + at + ", event " + events + ")";
    }
}
