package org.dhtrpc.testkit;

/** What becomes of a datagram. */
enum Fate {
    /** It is under way; what becomes of it will show. */
    UNDER_WAY,
    LOST,
    CUT,
    TOO_LARGE,
    QUEUE_FULL,
    FILTERED,
    UNREACHABLE,
    DELIVERED,
    /** Not an end: it is under way with bits flipped. */
    CORRUPTED,
    /** Not an end: it arrives when it is released. */
    HELD,
    /** Not an end: a second one of it is under way. */
    DUPLICATED
}
