package org.dhtrpc.routing;

import java.time.Duration;
import java.util.function.Consumer;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Health;

/**
 * How our requests fare, from what becomes of them: nothing is sent for it, and there is no timer. Spans of
 * {@link #SPAN} are judged when the next request ends after them; a single good or bad one changes nothing, so that a node at
 * the border is not told two things in turn.
 */
final class Pulse {
    static final Duration SPAN = Duration.ofSeconds(5);

    /** Ends of requests that a span has at least, if it is to say something. */
    private static final int LEAST = 4;

    private static final int SPANS_DEGRADED = 4;
    private static final int SPANS_OFFLINE = 2;

    private final Consumer<DhtEvent> events;
    private Health health = Health.ONLINE;
    private long until;
    private boolean begun;
    private int answers;
    private int failures;

    // Spans in a row.

    private int silent;
    private int bad;
    private int good;

    Pulse(Consumer<DhtEvent> events) {
        this.events = events;
    }

    Health health() {
        return health;
    }

    /** A request was answered. */
    void answered(long now) {
        turn(now);
        answers++;
        if (health == Health.OFFLINE) {
            become(Health.ONLINE);
        }
    }

    /** A request has failed. */
    void failed(long now) {
        turn(now);
        failures++;
    }

    /** We were away: what was before says nothing about now. */
    void forget() {
        begun = false;
        clear();
        become(Health.ONLINE);
    }

    private void turn(long now) {
        if (begun && now - until < 0) {
            return;
        }
        if (begun) {
            judge();
        }
        begun = true;
        until = now + SPAN.toNanos();
        answers = 0;
        failures = 0;
    }

    private void judge() {
        if (answers + failures < LEAST) {
            return;
        }
        boolean isBad = failures > answers;
        silent = answers == 0 ? silent + 1 : 0;
        bad = isBad ? bad + 1 : 0;
        good = isBad ? 0 : good + 1;
        if (silent >= SPANS_OFFLINE) {
            become(Health.OFFLINE);
        } else if (health == Health.ONLINE && bad >= SPANS_DEGRADED) {
            become(Health.DEGRADED);
        } else if (health == Health.DEGRADED && good >= SPANS_DEGRADED) {
            become(Health.ONLINE);
        }
    }

    private void become(Health next) {
        if (next != health) {
            health = next;
            clear();
            events.accept(new DhtEvent.HealthChanged(next));
        }
    }

    private void clear() {
        silent = 0;
        bad = 0;
        good = 0;
        answers = 0;
        failures = 0;
    }
}
