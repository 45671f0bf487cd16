package org.dhtrpc.routing;

/** Whether a node wants to be listed, so that queries of others come by it. */
public enum Standing {
    /** Never: it answers everything, and keeps its id to itself. */
    EPHEMERAL,
    /**
     * Once it has been up for 20 minutes and was found to be reached from outside, or has a hole puncher; not any more once it
     * has slept.
     */
    ADAPTIVE,
    /**
     * From the start; or, where ids follow from addresses, as soon as it is known where it is reached from outside.
     */
    PERSISTENT
}
