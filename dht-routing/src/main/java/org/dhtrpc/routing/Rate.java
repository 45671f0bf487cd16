package org.dhtrpc.routing;

/**
 * How many requests an address may make. A token bucket: it holds {@code burst} requests when it is full, and fills at
 * {@code perSecond}. Requests with a valid token have a bucket of their own. An IPv6 address is counted with all others of its /64, which are commonly one machine's.
 *
 * <p>Repeats and the pings of others' upkeep count too. What is beyond gets no answer, so that the caller's request times
 * out. Below some tens a second a node is of little use to others.
 *
 * <p>By default loopback, link-local and private addresses are not limited: whoever runs many nodes on one machine or in
 * one simulated network has nobody to fear there.
 *
 * @param perSecond requests a second in the long run, 1 to 1,000,000
 * @param burst requests at once after a pause, 1 to 1,000,000
 * @param everywhere whether loopback, link-local and private addresses are limited too
 */
public record Rate(int perSecond, int burst, boolean everywhere) {
    private static final int MOST = 1_000_000;

    /** Nobody is limited. */
    public static final Rate UNLIMITED = new Rate(MOST, MOST, false);

    /** Checks the numbers. */
    public Rate {
        if (perSecond < 1 || perSecond > MOST || burst < 1 || burst > MOST) {
            throw new IllegalArgumentException("A rate is 1 to 1000000 requests a second, and as many at once, not "
                    + perSecond + " and " + burst);
        }
    }

    /** So many requests a second and so many at once, for public addresses. */
    public static Rate of(int perSecond, int burst) {
        return new Rate(perSecond, burst, false);
    }

    /** The same rate for loopback, link-local and private addresses too. */
    public Rate evenLocally() {
        return new Rate(perSecond, burst, true);
    }
}
