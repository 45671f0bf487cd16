package org.dhtrpc.node;

import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;

/**
 * The log of what other people's parts throw, kept short: who asks again and again for what fails must not fill a disk. The
 * first few are logged with their trace, and from then on one a minute, with how many there were besides. From any thread.
 */
final class Problems {
    /** So many are logged as they come. */
    static final int FIRST = 10;

    private static final long MINUTE = 60_000_000_000L;

    private final System.Logger log;
    private final LongSupplier clock;
    private int logged;
    private long last;
    private long unlogged;

    /** @param clock the loop's time, in nanoseconds */
    Problems(System.Logger log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
    }

    void report(String what, Throwable cause) {
        long besides = admit(clock.getAsLong());
        if (besides >= 0) {
            log.log(Level.WARNING, besides == 0 ? what : what + " (and " + besides + " more problems)", cause);
        }
    }

    /** How many were not logged before this one, which is; -1 if this one is not either. */
    private synchronized long admit(long now) {
        if (logged == FIRST && now - last < MINUTE) {
            unlogged++;
            return -1;
        }
        logged = Math.min(FIRST, logged + 1);
        last = now;
        long besides = unlogged;
        unlogged = 0;
        return besides;
    }
}
