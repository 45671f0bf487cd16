package org.dhtrpc;

/**
 * How a node's requests fare. Told by those that are made anyway, in spans of 5 s; a span with fewer than four ends of
 * requests says nothing, and neither state is entered or left because of a single one.
 */
public enum Health {
    /** Most are answered, or nothing is known to the contrary. */
    ONLINE,
    /** Over half went unanswered in each of the last four spans; over once that is not so in four of them. */
    DEGRADED,
    /** None was answered in the last two spans; over with the first answer. */
    OFFLINE
}
