package org.dhtrpc.testkit.scenario;

import java.util.Locale;

/** What is counted while a scenario runs. */
public enum Counter {
    /** Stores begun. */
    STORES,
    /** Stores that at least one node acknowledged. */
    STORED,
    /** Reads begun. */
    READS,
    /** Reads that found their value. */
    FOUND,
    /** Reads that ended without it. */
    MISSED,
    /** Searches for the nearest nodes that have ended. */
    SEARCHES,
    /** Nodes that came, or came back. */
    ARRIVALS,
    /** Nodes that left or crashed. */
    DEPARTURES;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
