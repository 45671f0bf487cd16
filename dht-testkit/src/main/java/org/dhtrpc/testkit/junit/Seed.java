package org.dhtrpc.testkit.junit;

import org.jspecify.annotations.Nullable;

/** A seed, and what its runs came to; they may be on several threads. */
final class Seed {
    private final long value;
    private final boolean failedBefore;
    private @Nullable String end;
    private boolean failed;

    Seed(long value, boolean failedBefore) {
        this.value = value;
        this.failedBefore = failedBefore;
    }

    long value() {
        return value;
    }

    /**
     * A run has ended.
     *
     * @param end its virtual time and trace hash
     * @return those of the other run, if it ended before and they differ; else null
     */
    synchronized @Nullable String differs(String end) {
        String other = this.end;
        this.end = end;
        return other == null || other.equals(end) ? null : other;
    }

    synchronized void fail() {
        failed = true;
    }

    /** Whether any run so far has failed. */
    synchronized boolean failed() {
        return failed;
    }

    @Override
    public String toString() {
        return "seed " + value + (failedBefore ? " (failed before)" : "");
    }
}
