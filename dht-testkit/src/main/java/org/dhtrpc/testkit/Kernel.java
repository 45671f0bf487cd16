package org.dhtrpc.testkit;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run is a function of: the seed, the virtual clock, the events in their order, and the trace of what
 * happened. It is the loop of all hosts.
 *
 * <p>Events run in the order of their time, and at equal times in the order in which they were handed over. Whoever
 * calls {@link #run} lends the kernel a thread; while it runs no other thread may hand over or cancel events, since that
 * would put them in an order which the operating system chooses. Such a call is refused and remembered: whoever makes it
 * may swallow the exception, as the stages of a future do, so the run ends as well.
 */
final class Kernel implements EventLoop {
    /** A cancelled event stays in the queue until it is due or, beyond this many, until they are the majority. */
    private static final int CANCELLED_KEPT = 64;

    private final long seed;
    private final int eventsPerInstant;
    private final Trace trace;
    private final TimingWheel<Runnable> queue = new TimingWheel<>();

    private final AtomicReference<@Nullable IllegalStateException> refusal = new AtomicReference<>();

    private volatile @Nullable Thread runner;
    private @Nullable Throwable failure;
    private boolean ended;
    private long now;
    private int cancelled;
    private int eventsNow;
    private long events;
    private long maxEvents = Long.MAX_VALUE;
    private long maxTime = Long.MAX_VALUE;

    /**
     * A kernel at time 0.
     *
     * @param eventsPerInstant more events than this without the clock moving are taken for a livelock
     */
    Kernel(long seed, int eventsPerInstant) {
        this.seed = seed;
        this.eventsPerInstant = eventsPerInstant;
        this.trace = new Trace(label("trace"));
    }

    /** Ends a run with an exception before one event more than this, of all runs together, or one later than this. */
    void limit(long events, long time) {
        maxEvents = events;
        maxTime = time;
    }

    /** How many events have run. */
    long events() {
        return events;
    }

    long seed() {
        return seed;
    }

    /** The start of a label; its value seeds a stream that no draw from another label's stream can shift. */
    Hash64 label(String purpose) {
        return new Hash64(seed).add(purpose);
    }

    Trace trace() {
        return trace;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void execute(Runnable task) {
        post(now, task);
    }

    @Override
    public Timer schedule(long deadline, Runnable task) {
        Alarm alarm = new Alarm(task);
        post(after(Math.max(0, deadline - now)), alarm);
        return alarm;
    }

    /** Runs an event at this time, or at once if that is past. Unlike a timer's task it cannot be taken back. */
    void post(long time, Runnable event) {
        checkThread();
        if (!ended) {
            queue.add(Math.max(time, now), Objects.requireNonNull(event));
        }
    }

    /** The end of a span that begins now; the end of time for one that is too long. */
    long after(long nanos) {
        return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
    }

    /**
     * Likewise.
     *
     * @throws IllegalArgumentException if the span is negative
     */
    long after(Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("Virtual time is 0 or more, not " + span);
        }
        try {
            return after(span.toNanos());
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    /** True but for other threads while this one runs: between two runs, whoever calls has the simulation to itself. */
    @Override
    public boolean inLoop() {
        Thread running = runner;
        return running == null || running == Thread.currentThread();
    }

    /**
     * Runs events until the condition holds, none is left, or the next one lies beyond {@code end}. The condition is
     * asked before each event. An event that throws ends the run; those after it wait for the next. So does the call of
     * another thread.
     *
     * @return true if the condition holds
     * @throws SimulationException if an event throws, a limit is met, or another thread has called, in this run or at the
     *     very end of the one before
     * @throws IllegalStateException if the kernel is running already
     */
    boolean run(BooleanSupplier condition, long end) {
        checkThread();
        if (runner != null) {
            throw new IllegalStateException("The simulation runs already: an event cannot turn the crank");
        }
        runner = Thread.currentThread();
        try {
            while (true) {
                tellOfFailure();
                if (condition.getAsBoolean()) {
                    return true;
                }
                if (!due(end)) {
                    return false;
                }
                runFirst();
            }
        } finally {
            runner = null;
        }
    }

    /** Ends the run before its next event: for what went wrong where others would swallow it. The first one counts. */
    void fail(Throwable defect) {
        if (failure == null) {
            failure = defect;
        }
    }

    private void tellOfFailure() {
        Throwable defect = failure;
        if (defect != null) {
            failure = null;
            throw failed(defect);
        }
        IllegalStateException refused = refusal.get();
        if (refused != null) {
            refusal.set(null);
            throw new SimulationException("Called from outside: " + refused.getMessage(), this, refused);
        }
    }

    /** True if an event is left up to the end; it is the first of the queue. */
    private boolean due(long end) {
        while (queue.due(end)) {
            if (!isCancelled(queue.first())) {
                return true;
            }
            queue.remove();
            cancelled--;
        }
        return false;
    }

    private static boolean isCancelled(Runnable event) {
        return event instanceof Alarm alarm && alarm.task == null;
    }

    private void runFirst() {
        if (queue.time() > maxTime) {
            throw new SimulationException(
                    "Too late: the next event is due beyond the limit of " + Duration.ofNanos(maxTime), this);
        }
        if (events == maxEvents) {
            throw new SimulationException("Too long: more than " + maxEvents + " events", this);
        }
        advance(queue.time());
        if (eventsNow == eventsPerInstant) {
            throw new SimulationException(
                    "Livelock: more than " + eventsPerInstant + " events without the clock moving", this);
        }
        eventsNow++;
        events++;
        Runnable event = queue.remove();
        try {
            event.run();
        } catch (Throwable defect) {
            throw failed(defect);
        }
    }

    private SimulationException failed(Throwable defect) {
        return new SimulationException("An event failed: " + words(defect), this, defect);
    }

    /** What a defect says of itself, or its kind if it fails at that too: its own text is other people's code. */
    private static String words(Throwable defect) {
        try {
            return defect.toString();
        } catch (Throwable unspeakable) {
            return defect.getClass().getName();
        }
    }

    /** Moves the clock forward, past no event. */
    void advance(long time) {
        if (time > now) {
            now = time;
            eventsNow = 0;
        }
    }

    /** True if nothing is left to happen. */
    boolean idle() {
        return queue.size() == cancelled;
    }

    /** How many events are held in memory, cancelled ones included. */
    int held() {
        return queue.size();
    }

    /** Forgets all events, and those to come. */
    void end() {
        checkThread();
        ended = true;
        queue.removeIf(event -> true);
        cancelled = 0;
    }

    /** Refuses a thread that is not the one which turns the crank, if one does, and ends the run. */
    void checkThread() {
        Thread running = runner;
        if (running != null && running != Thread.currentThread()) {
            IllegalStateException refused = new IllegalStateException("Thread '"
                    + Thread.currentThread().getName() + "' interferes with a simulation that thread '"
                    + running.getName() + "' is running; the order of their calls would not be a function of the seed");
            refusal.compareAndSet(null, refused);
            throw refused;
        }
    }

    /** Seed, virtual time and trace hash on one line. */
    @Override
    public String toString() {
        return "seed " + seed + ", virtual time " + Duration.ofNanos(now) + ", trace "
                + HexFormat.of().toHexDigits(trace.value());
    }

    /** A task that can be taken back until it runs. */
    private final class Alarm implements Timer, Runnable {
        private @Nullable Runnable task;

        Alarm(Runnable task) {
            this.task = Objects.requireNonNull(task);
        }

        @Override
        public void run() {
            Runnable due = Objects.requireNonNull(task);
            task = null;
            due.run();
        }

        @Override
        public void cancel() {
            checkThread();
            if (task == null || ended) {
                return;
            }
            task = null;
            cancelled++;
            if (cancelled > CANCELLED_KEPT && cancelled > queue.size() / 2) {
                queue.removeIf(Kernel::isCancelled);
                cancelled = 0;
            }
        }
    }
}
