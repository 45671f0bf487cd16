package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Health;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.junit.jupiter.api.Test;

/** How a node's requests fare, and when it says so. */
class PulseTest {
    private final List<DhtEvent> events = new ArrayList<>();
    private final Pulse pulse = new Pulse(events::add);
    private long now = 1_000_000_000_000L;

    /** So many ends of requests, and then the span is over; what it was is seen with the next one. */
    private void span(int answers, int failures) {
        for (int i = 0; i < answers; i++) {
            pulse.answered(now);
        }
        for (int i = 0; i < failures; i++) {
            pulse.failed(now);
        }
        now += Pulse.SPAN.toNanos();
    }

    private void spans(int count, int answers, int failures) {
        for (int i = 0; i < count; i++) {
            span(answers, failures);
        }
    }

    private void told(Health... health) {
        assertThat(events)
                .extracting(event -> ((DhtEvent.HealthChanged) event).health())
                .containsExactly(health);
        assertThat(pulse.health()).isEqualTo(health.length == 0 ? Health.ONLINE : health[health.length - 1]);
    }

    @Test
    void it_begins_online_and_says_nothing_of_it() {
        told();
        spans(10, 4, 0);
        told();
    }

    @Test
    void it_is_degraded_after_four_bad_spans_in_a_row() {
        spans(4, 2, 3);
        told();
        span(2, 3);
        told(Health.DEGRADED);
    }

    @Test
    void half_is_not_bad_yet() {
        spans(20, 2, 2);
        told();
    }

    @Test
    void a_good_span_between_begins_the_count_anew() {
        for (int i = 0; i < 5; i++) {
            spans(3, 2, 3);
            span(3, 2);
        }
        told();
    }

    @Test
    void it_is_online_again_after_four_good_ones() {
        spans(5, 2, 3);
        spans(3, 3, 1);
        span(2, 3);
        spans(4, 3, 1);
        told(Health.DEGRADED);
        span(3, 1);
        told(Health.DEGRADED, Health.ONLINE);
    }

    @Test
    void it_is_offline_after_two_silent_spans_and_online_with_the_first_answer() {
        spans(2, 0, 4);
        told();
        pulse.failed(now);
        told(Health.OFFLINE);
        pulse.answered(now);
        told(Health.OFFLINE, Health.ONLINE);
    }

    @Test
    void so_it_is_from_degraded() {
        spans(5, 1, 4);
        spans(2, 0, 4);
        pulse.failed(now);
        told(Health.DEGRADED, Health.OFFLINE);
    }

    @Test
    void few_ends_of_requests_say_nothing() {
        spans(50, 0, 3);
        told();
        spans(2, 0, 4);
        now += Duration.ofHours(9).toNanos();
        spans(1, 0, 3);
        told(Health.OFFLINE);
    }

    @Test
    void spans_in_which_nobody_asks_leave_it_as_it_is() {
        span(0, 4);
        now += Duration.ofHours(1).toNanos();
        span(0, 4);
        now += Duration.ofHours(1).toNanos();
        pulse.failed(now);
        told(Health.OFFLINE);
    }

    @Test
    void after_a_sleep_nothing_of_before_counts() {
        spans(1, 0, 4);
        pulse.forget();
        spans(1, 0, 4);
        pulse.failed(now);
        told();
        span(0, 3);
        pulse.failed(now);
        told(Health.OFFLINE);
        pulse.forget();
        told(Health.OFFLINE, Health.ONLINE);
    }

    @Test
    void a_machine_says_it_as_an_event_and_in_its_counters() {
        Peer peer = Peer.at(Bench.ID, 1);
        Bench bench = Bench.setup().knows(peer).build().with(peer);
        bench.bootstrap();
        peer.dead = true;
        while (bench.machine.stats().health() == Health.ONLINE) {
            for (int i = 0; i < 5; i++) {
                bench.ping(peer);
            }
            bench.run(Duration.ofSeconds(6));
            assertThat(bench.requests()).hasSizeLessThan(200);
        }
        assertThat(bench.machine.stats().health()).isEqualTo(Health.OFFLINE);
        assertThat(bench.events).contains(new DhtEvent.HealthChanged(Health.OFFLINE));
        peer.dead = false;
        bench.ping(peer);
        bench.runMillis(100);
        assertThat(bench.machine.stats().health()).isEqualTo(Health.ONLINE);
    }

    @Test
    void what_a_caller_has_not_waited_for_does_not_count() {
        Peer peer = Peer.at(Bench.ID, 1);
        peer.dead = true;
        Bench bench = Bench.setup().knows(peer).build().with(peer);
        for (int i = 0; i < 100; i++) {
            bench.cancel(bench.begin(Query.of(Command.FIND_NODE, Bench.ID), 1));
            bench.ping(peer.endpoint, Duration.ofMillis(1));
            bench.run(Duration.ofMillis(500));
        }
        assertThat(bench.events).noneMatch(DhtEvent.HealthChanged.class::isInstance);
    }
}
