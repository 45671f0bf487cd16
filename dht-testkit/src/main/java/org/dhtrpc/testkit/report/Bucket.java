package org.dhtrpc.testkit.report;

/**
 * One bucket of the tables at the end, in the mean over the nodes that were looked at.
 *
 * @param sharedBits how many leading bits its contacts share with the id of the node, 0 to 256
 * @param contacts how many contacts are in it
 * @param stale what share of them is of nodes that are gone, 0 to 1; 0 if there are none
 */
public record Bucket(int sharedBits, double contacts, double stale) {
    /** Refuses what cannot be. */
    public Bucket {
        Limits.bits(sharedBits);
        Limits.mean("contacts", contacts);
        Limits.share("stale", stale);
    }
}
