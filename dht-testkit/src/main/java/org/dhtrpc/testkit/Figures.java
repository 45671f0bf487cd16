package org.dhtrpc.testkit;

import java.time.Duration;

/**
 * How lookups went, as the nodes themselves count it, compared with the truth.
 *
 * @param nodes nodes that were there
 * @param lookups lookups made
 * @param success the share of them that found the node nearest to the target
 * @param recall the share of the 20 nodes nearest to the target that a lookup found, in the mean
 * @param hops how far the nearest node was: 1 if the searcher knew it, 2 if one of those named it, and so on
 * @param requests requests per lookup, each counted once, in the mean
 * @param repeats how often one of them was sent again, per lookup, in the mean
 * @param latency virtual time from the start of a lookup to its end
 * @param traffic all datagrams of the network up to then
 * @param run seed, virtual time and trace hash: what it takes to see the same again
 */
public record Figures(
        int nodes,
        int lookups,
        double success,
        double recall,
        Quantiles<Integer> hops,
        double requests,
        double repeats,
        Quantiles<Duration> latency,
        Traffic traffic,
        String run) {
    /**
     * Two quantiles by nearest rank.
     *
     * @param p50 half of the values are not larger
     * @param p99 99 in 100 are not larger
     */
    public record Quantiles<T>(T p50, T p99) {}
}
