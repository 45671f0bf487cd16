package org.dhtrpc.testkit.adversary;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.dhtrpc.testkit.Foothold;

/** What an adversary does again and again on a host, the first time at once, as long as it has that. */
final class Beat implements Runnable {
    private static final double MOST = 1e6;
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Foothold host;
    private final long period;
    private final Runnable action;
    private long next;

    private Beat(Foothold host, long period, Runnable action) {
        this.host = host;
        this.period = period;
        this.action = action;
    }

    static void every(Duration period, Foothold host, Runnable action) {
        new Beat(host, period.toNanos(), action).begin();
    }

    /** @param perSecond checked with {@link #rate} */
    static void often(double perSecond, Foothold host, Runnable action) {
        new Beat(host, Math.round(TimeUnit.SECONDS.toNanos(1) / perSecond), action).begin();
    }

    /** Checks a rate, so that who is asked for nonsense says so before it is let loose. */
    static double rate(double perSecond) {
        if (!(perSecond > 0) || perSecond > MOST) {
            throw new IllegalArgumentException(
                    "A rate is more than 0 and at most " + (int) MOST + " a second, not " + perSecond);
        }
        return perSecond;
    }

    /** Checks a delay likewise. */
    static Duration delay(Duration delay) {
        if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("A delay is 0 to 365 days, not " + delay);
        }
        return delay;
    }

    private void begin() {
        next = host.loop().nanoTime();
        host.loop().execute(this);
    }

    @Override
    public void run() {
        if (host.held()) {
            action.run();
            next += period;
            host.loop().schedule(next, this);
        }
    }
}
