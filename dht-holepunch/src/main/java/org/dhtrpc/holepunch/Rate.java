package org.dhtrpc.holepunch;

/**
 * A token bucket (as the generic cell rate algorithm, ITU-T I.371): it holds {@code burst} of something when it is full, and fills
 * at {@code perSecond}. All that has to be kept of one is the time at which it is full again.
 */
record Rate(int perSecond, int burst) {
    private static final long SECOND = 1_000_000_000L;

    /**
     * Whether so much is in it.
     *
     * @param full when it is full again, or was
     */
    boolean allows(long now, long full, int amount) {
        return missing(now, full) + time(amount) <= time(burst);
    }

    /** When it is full again, after so much was taken. */
    long after(long now, long full, int amount) {
        return now + missing(now, full) + time(amount);
    }

    private static long missing(long now, long full) {
        return Math.max(full - now, 0);
    }

    private long time(int amount) {
        return amount * SECOND / perSecond;
    }
}
