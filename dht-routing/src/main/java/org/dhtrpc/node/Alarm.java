package org.dhtrpc.node;

import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of a node. It may go off early, since most deadlines are cancelled and few come sooner: it is set anew only
 * for an earlier one. On the loop only.
 */
final class Alarm {
    private final EventLoop loop;
    private final Runnable ring;

    private EventLoop.@Nullable Timer timer;
    private long at;

    /** @param ring what there is to do when it goes off */
    Alarm(EventLoop loop, Runnable ring) {
        this.loop = loop;
        this.ring = ring;
    }

    /** Goes off at this time at the latest; {@link Long#MAX_VALUE} if there is no need to. */
    void set(long deadline) {
        if (deadline == Long.MAX_VALUE || (timer != null && at - deadline <= 0)) {
            return;
        }
        cancel();
        at = deadline;
        timer = loop.schedule(deadline, this::goOff);
    }

    private void goOff() {
        timer = null;
        ring.run();
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
