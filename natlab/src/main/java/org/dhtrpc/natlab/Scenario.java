package org.dhtrpc.natlab;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.dhtrpc.Endpoint;

/**
 * Something happens to two that are connected, and then they talk to each other again: by the path that they had, which was kept or
 * found again without their doing.
 *
 * @param name what happens
 * @param caller the host that has punched
 * @param peer the other one
 * @param event makes it happen
 */
record Scenario(String name, String caller, String peer, Runnable event) {
    /** For how long they try, in seconds, before they punch once more. */
    private static final int PATIENCE = 90;

    Finding run(Fleet fleet) {
        Endpoint referrer = fleet.referrers().get(0);
        Member a = fleet.take(caller);
        Member b = fleet.take(peer);
        try {
            Fleet.await(a.where(referrer));
            Endpoint path = Fleet.await(a.punch(Fleet.await(b.where(referrer)), referrer))
                    .endpoint();
            String before = Matrix.astray(a, b, path);
            if (!before.isEmpty()) {
                return new Finding(name, false, "Not connected before: " + before);
            }
            event.run();
            return after(a, b, path, referrer);
        } catch (PeerException e) {
            return new Finding(name, false, e.reason + ": " + e.getMessage());
        }
    }

    private Finding after(Member a, Member b, Endpoint path, Endpoint referrer) {
        long start = System.nanoTime();
        String astray;
        do {
            astray = Matrix.astray(a, b, path);
            if (astray.isEmpty()) {
                return new Finding(name, true, String.format("the path is there again after %.1f s", seconds(start)));
            }
            Fleet.pause(Duration.ofMillis(100));
        } while (seconds(start) < PATIENCE);
        try {
            Fleet.await(a.where(referrer));
            Attempt again = Matrix.punch(a, b, Fleet.await(b.where(referrer)), referrer);
            return new Finding(
                    name,
                    false,
                    astray + "; a new punch "
                            + (again.connected() ? "finds another path" : "fails: " + again.reason()));
        } catch (PeerException e) {
            return new Finding(name, false, astray + "; " + e.reason);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
