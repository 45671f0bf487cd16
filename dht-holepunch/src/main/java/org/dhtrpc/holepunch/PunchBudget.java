package org.dhtrpc.holepunch;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many probes punches may send to find a way (what a probe that has come in calls for is not counted), and how many sockets they may have open beside those of the nodes. One for a process, or for
 * whoever shall not disturb the others. From any thread.
 */
public final class PunchBudget {
    /** Datagrams a second, in the long run. */
    static final int RATE = 200;

    /** Datagrams at once, after a rest. */
    static final int BURST = 256;

    /** Further sockets. */
    static final int SOCKETS = 2_048;

    private static final PunchBudget OF_PROCESS = new PunchBudget(RATE, BURST, SOCKETS);

    private final long interval;
    private final long slack;
    private final int mostSockets;

    /** Its own, since loops count from whatever time they like; null if it goes by the loop's. */
    private final @Nullable LongSupplier clock;

    private boolean used;
    private long next;
    private int sockets;

    /**
     * A budget for those whom it is given to.
     *
     * @param rate datagrams a second, in the long run
     * @param burst datagrams at once, after a rest
     * @param sockets further sockets
     * @throws IllegalArgumentException if a number is not positive, or the rate above 1,000,000
     */
    public PunchBudget(int rate, int burst, int sockets) {
        this(rate, burst, sockets, System::nanoTime);
    }

    /**
     * The same by the time of whoever takes from it, for simulations: only for transports whose loops have one clock.
     *
     * @throws IllegalArgumentException as above
     */
    public static PunchBudget simulated(int rate, int burst, int sockets) {
        return new PunchBudget(rate, burst, sockets, null);
    }

    private PunchBudget(int rate, int burst, int sockets, @Nullable LongSupplier clock) {
        if (rate < 1 || rate > 1_000_000 || burst < 1 || sockets < 1) {
            throw new IllegalArgumentException(
                    "A budget has a rate of 1 to 1000000, a burst and sockets of 1 or more, not " + rate + ", " + burst
                            + " and " + sockets);
        }
        interval = 1_000_000_000L / rate;
        slack = interval * (burst - 1);
        mostSockets = sockets;
        this.clock = clock;
    }

    /** The one that all share who have no other: 200 datagrams a second, 256 at once, 2,048 sockets. */
    public static PunchBudget ofProcess() {
        return OF_PROCESS;
    }

    /** Takes leave for one datagram, if there is any now. */
    synchronized boolean take(long loopTime) {
        long now = clock == null ? loopTime : clock.getAsLong();
        if (!used || next - now < -slack) {
            used = true;
            next = now - slack;
        }
        if (next - now > 0) {
            return false;
        }
        next += interval;
        return true;
    }

    /** Takes so many sockets, or as many as there are left; returns how many. */
    synchronized int takeSockets(int wanted) {
        int taken = Math.min(wanted, mostSockets - sockets);
        sockets += taken;
        return taken;
    }

    /** Gives them back. */
    synchronized void returnSockets(int count) {
        sockets -= count;
    }

    /** How many are taken. */
    synchronized int sockets() {
        return sockets;
    }

    /** What one transport takes of it. */
    Share share() {
        return new Share(this);
    }

    /**
     * What one transport has taken. When that is closed its sockets are given back at once, whether or not its loop still comes to
     * it. From any thread.
     */
    static final class Share {
        private final PunchBudget budget;
        private int sockets;
        private boolean closed;

        private Share(PunchBudget budget) {
            this.budget = budget;
        }

        boolean take(long now) {
            return budget.take(now);
        }

        synchronized int takeSockets(int wanted) {
            int taken = closed ? 0 : budget.takeSockets(wanted);
            sockets += taken;
            return taken;
        }

        synchronized void returnSockets(int count) {
            if (!closed) {
                sockets -= count;
                budget.returnSockets(count);
            }
        }

        /** Gives back all, and takes no more. Idempotent. */
        synchronized void close() {
            returnSockets(sockets);
            closed = true;
        }

        synchronized int sockets() {
            return sockets;
        }
    }
}
