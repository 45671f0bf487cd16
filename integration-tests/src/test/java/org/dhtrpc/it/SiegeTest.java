package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What {@code ./siege} does, at a size that every build can afford. */
class SiegeTest {
    private static final Duration MOST = Duration.ofMinutes(1);

    @Test
    void forty_thousand_random_changed_and_replayed_datagrams_do_not_keep_a_node_from_its_work() {
        try (Noise noise = new Noise(1)) {
            holds(noise.run(40_000, MOST));
        }
    }

    @Test
    void no_forged_reply_request_or_token_is_believed() {
        try (Forgeries forgeries = new Forgeries(1, MOST)) {
            forgeries.replies(10_000, 300_000);
            forgeries.requests(20_000);
            forgeries.tokens(50, 20_000);
            holds(forgeries.findings());
        }
    }

    @Test
    void ten_thousand_calls_that_no_handler_answers_leave_a_node_that_does() {
        try (Backlog backlog = new Backlog()) {
            backlog.calls(10_000, MOST);
            holds(backlog.findings());
        }
    }

    @Test
    void of_ten_thousand_queries_that_nobody_answers_few_are_open_and_the_rest_refused() {
        try (Backlog backlog = new Backlog()) {
            backlog.queries(10_000);
            holds(backlog.findings());
        }
    }

    @Test
    void five_thousand_subscribers_that_ask_for_no_second_result_hold_no_more_than_their_places() {
        try (Backlog backlog = new Backlog()) {
            backlog.subscribers(5_000);
            holds(backlog.findings());
        }
    }

    private static void holds(Findings findings) {
        assertThat(findings.broken()).as(findings.toString()).isEmpty();
    }
}
