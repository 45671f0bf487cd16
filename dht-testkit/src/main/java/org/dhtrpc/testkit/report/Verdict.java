package org.dhtrpc.testkit.report;

import java.util.Objects;

/**
 * What became of a check.
 *
 * @param check what was to hold, one line
 * @param kind when it was to hold
 * @param held whether it did
 * @param detail when it did not, and what was found instead; empty if it held
 */
public record Verdict(String check, Kind kind, boolean held, String detail) {
    /** When something is to hold. */
    public enum Kind {
        /** After each event. */
        ALWAYS,

        /** At regular times. */
        EVERY,

        /** From some time on, before the end. */
        EVENTUALLY,

        /** At least once. */
        SOMETIMES
    }

    /** Refuses null. */
    public Verdict {
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
    }
}
