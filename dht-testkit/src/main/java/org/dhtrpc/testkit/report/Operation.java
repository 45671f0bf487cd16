package org.dhtrpc.testkit.report;

import java.time.Duration;
import java.util.Objects;

/**
 * Something that a node was asked to do, and how it went.
 *
 * @param at when it began
 * @param kind what it was
 * @param success whether it did what was wanted
 * @param latency how long it took, successful or not
 * @param hops how far the nearest node was: 1 if the searcher knew it, 2 if one of those named it, and so on; 0 if nobody
 *     answered
 * @param requests how many requests it made, each counted once however often it was repeated
 */
public record Operation(Duration at, Kind kind, boolean success, Duration latency, int hops, int requests) {
    /** What an operation is. */
    public enum Kind {
        /** A value is left with the nodes nearest to its key. */
        STORE,

        /** A value is looked up. */
        LOOKUP,

        /** The nodes nearest to a target are looked for. */
        SEARCH
    }

    /** Refuses what cannot be. */
    public Operation {
        Limits.time("The time of an operation", at);
        Objects.requireNonNull(kind, "kind");
        Limits.time("The latency of an operation", latency);
        Limits.count("hops", hops);
        Limits.count("requests", requests);
    }
}
