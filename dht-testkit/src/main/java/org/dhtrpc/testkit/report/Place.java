package org.dhtrpc.testkit.report;

import java.util.Objects;

/**
 * A node on the ring of ids.
 *
 * @param fraction where: its id as a fraction of all ids, 0 to 1
 * @param kind what it is
 * @param group the number of the side of a partition that it is on, from 1; 0 if it is on none
 */
public record Place(double fraction, Kind kind, int group) {
    /** What a node is. */
    public enum Kind {
        /** Reached by everyone. */
        OPEN,

        /** Behind a NAT or a firewall. */
        HIDDEN,

        /** One that means no good. */
        ADVERSARY,

        /** Not there any more. */
        GONE
    }

    /** Refuses what cannot be. */
    public Place {
        Limits.share("fraction", fraction);
        Objects.requireNonNull(kind, "kind");
        Limits.count("group", group);
    }
}
