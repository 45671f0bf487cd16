package org.dhtrpc.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dhtrpc.spi.EventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Loops of the kind that is tested. */
abstract class LoopUnderTest extends Surroundings {
    private final List<EventLoop> loops = new ArrayList<>();

    EventLoop loop;

    /** A new loop that runs. The kit closes it. */
    protected abstract EventLoop start();

    /**
     * Ends a loop that {@link #start} gave, as its owner would; on the thread of a test. Called a second time it does
     * nothing.
     */
    protected abstract void close(EventLoop loop);

    @BeforeEach
    final void startLoop() {
        loop = started();
    }

    @AfterEach
    final void closeLoops() {
        loops.forEach(this::close);
    }

    final EventLoop started() {
        EventLoop started = start();
        loops.add(started);
        return started;
    }

    /** Returns when everything has run that was due on the loop before. */
    final void settle() {
        AtomicBoolean fired = new AtomicBoolean();
        loop.schedule(loop.nanoTime(), () -> loop.execute(() -> fired.set(true)));
        until("a timer has fired that is due", fired::get);
        on(loop, () -> true);
    }
}
