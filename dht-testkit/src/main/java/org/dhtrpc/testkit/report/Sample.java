package org.dhtrpc.testkit.report;

import java.time.Duration;

/**
 * The network at one time. What is counted is what has happened since the sample before, or since the start.
 *
 * @param at when
 * @param nodes how many nodes are alive and no adversaries
 * @param hidden how many of these are behind NATs
 * @param adversaries how many adversaries there are
 * @param arrivals nodes that came since
 * @param departures nodes that went since, with or without a word
 * @param begun operations that began since
 * @param found operations that ended since, in success
 * @param missed operations that ended since, without
 * @param requests requests that operations made since, each counted once
 * @param sent datagrams sent since
 * @param lost how many of those that were under way links lost since
 * @param cut how many partitions stopped since
 * @param filtered how many NATs and firewalls stopped since
 * @param contacts how many contacts a node has in its table, in the mean
 * @param stale what share of these contacts is of nodes that are gone, 0 to 1; 0 if there are none
 */
public record Sample(
        Duration at,
        int nodes,
        int hidden,
        int adversaries,
        int arrivals,
        int departures,
        int begun,
        int found,
        int missed,
        long requests,
        long sent,
        long lost,
        long cut,
        long filtered,
        double contacts,
        double stale) {
    /** Refuses what cannot be. */
    public Sample {
        Limits.time("The time of a sample", at);
        Limits.count("nodes", nodes);
        Limits.count("hidden", hidden);
        if (hidden > nodes) {
            throw new IllegalArgumentException(hidden + " hidden nodes of " + nodes + " nodes");
        }
        Limits.count("adversaries", adversaries);
        Limits.count("arrivals", arrivals);
        Limits.count("departures", departures);
        Limits.count("begun", begun);
        Limits.count("found", found);
        Limits.count("missed", missed);
        Limits.count("requests", requests);
        Limits.count("sent", sent);
        Limits.count("lost", lost);
        Limits.count("cut", cut);
        Limits.count("filtered", filtered);
        Limits.mean("contacts", contacts);
        Limits.share("stale", stale);
    }
}
