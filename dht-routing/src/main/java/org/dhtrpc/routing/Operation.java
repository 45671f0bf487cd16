package org.dhtrpc.routing;

import org.dhtrpc.DhtException;

/** Something that a caller has asked for and waits for. */
interface Operation {
    /** What its effects name it by. */
    long id();

    /** The subscriber wants n more results; where there is one result it is wanted from the start. */
    default void demand(long now, long n) {}

    /** Ends it early: nothing more is sent, and this is the failure that its caller is told. */
    void end(long now, DhtException failure);
}
