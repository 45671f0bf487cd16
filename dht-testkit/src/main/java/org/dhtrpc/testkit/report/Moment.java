package org.dhtrpc.testkit.report;

import java.time.Duration;
import java.util.Objects;

/**
 * A fault.
 *
 * @param from when it begins
 * @param until when it ends; equal to {@code from} if it happens at once
 * @param text its line of the scenario
 */
public record Moment(Duration from, Duration until, String text) {
    /** Refuses what cannot be. */
    public Moment {
        Limits.time("The begin of a fault", from);
        Limits.time("The end of a fault", until);
        Limits.order("The end of a fault", from, until);
        Objects.requireNonNull(text, "text");
    }
}
