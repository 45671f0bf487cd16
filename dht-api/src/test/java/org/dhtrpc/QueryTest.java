package org.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.message.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    private static final Key TARGET = Key.hashOf(Bytes.utf8("target"));
    private static final Endpoint ONE = Endpoint.parse("192.0.2.1:1");
    private static final Endpoint TWO = Endpoint.parse("192.0.2.2:2");

    private final Query query = Query.of("get", TARGET);

    @Test
    void a_plain_query_has_the_defaults() {
        assertThat(query.command()).isEqualTo(Command.of("get"));
        assertThat(query.target()).isEqualTo(TARGET);
        assertThat(query.value()).isNull();
        assertThat(query.targeted()).isFalse();
        assertThat(query.nodes()).isEmpty();
        assertThat(query.hosts()).isEmpty();
        assertThat(query.verbose()).isFalse();
        assertThat(query.holepunching()).isTrue();
        assertThat(query.punchPatience()).isEqualTo(Duration.ofSeconds(1));
        assertThat(query.discoveryValue()).isFalse();
        assertThat(query.concurrency()).isZero();
        assertThat(query.deadline()).isNull();
        assertThat(query).hasToString("'get' " + TARGET);
        assertThat(Query.of(Command.PING, TARGET)).hasToString("ping " + TARGET);
    }

    @Test
    void every_option_is_kept_by_those_set_after_it_and_alters_no_other_query() {
        Query full = query.value(Bytes.utf8("v"))
                .nodes(ONE)
                .nodes("example.org")
                .verbose(true)
                .holepunching(false)
                .punchPatience(Duration.ofMinutes(1))
                .discoveryValue(true)
                .concurrency(64)
                .deadline(Duration.ofDays(1))
                .nodes(List.of(TWO))
                .nodes(":10001", "[::1]:7");
        assertThat(full.command()).isEqualTo(query.command());
        assertThat(full.target()).isEqualTo(TARGET);
        assertThat(full.value()).isEqualTo(Bytes.utf8("v"));
        assertThat(full.nodes()).containsExactly(ONE, TWO);
        assertThat(full.hosts()).containsExactly("example.org", ":10001", "[::1]:7");
        assertThat(full.targeted()).isTrue();
        assertThat(full.verbose()).isTrue();
        assertThat(full.holepunching()).isFalse();
        assertThat(full.punchPatience()).isEqualTo(Duration.ofMinutes(1));
        assertThat(full.discoveryValue()).isTrue();
        assertThat(full.concurrency()).isEqualTo(64);
        assertThat(full.deadline()).isEqualTo(Duration.ofDays(1));
        a_plain_query_has_the_defaults();
    }

    @Test
    void naming_no_node_at_all_is_naming_nodes() {
        assertThat(query.nodes(List.of()).targeted()).isTrue();
        assertThat(query.nodes(new String[0]).targeted()).isTrue();
        assertThat(query.nodes("a").nodes()).isEmpty();
    }

    @Test
    void given_lists_are_copied() {
        List<Endpoint> nodes = new ArrayList<>(List.of(ONE));
        Query targeted = query.nodes(nodes);
        nodes.add(TWO);
        assertThat(targeted.nodes()).containsExactly(ONE);
        assertThat(targeted.nodes()).isUnmodifiable();
        assertThat(targeted.nodes("a").hosts()).isUnmodifiable();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65})
    void a_concurrency_out_of_range_is_refused_with_the_limits(int concurrency) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query.concurrency(concurrency))
                .withMessage("A query has 1 to 64 requests in flight, not " + concurrency);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT24H0.000000001S"})
    void a_deadline_out_of_range_is_refused_with_the_limits(String deadline) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query.deadline(Duration.parse(deadline)))
                .withMessage("A deadline is above 0 and at most a day, not " + Duration.parse(deadline));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT1M0.000000001S"})
    void a_patience_out_of_range_is_refused_with_the_limits(String patience) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query.punchPatience(Duration.parse(patience)))
                .withMessage("The patience with a hole punch is above 0 and at most a minute, not "
                        + Duration.parse(patience));
    }

    @Test
    void nothing_that_is_needed_may_be_missing() {
        assertThatNullPointerException()
                .isThrownBy(() -> Query.of("get", QueryTest.<Key>missing()))
                .withMessage("target");
        assertThatNullPointerException()
                .isThrownBy(() -> Query.of(QueryTest.<Command>missing(), TARGET))
                .withMessage("command");
        assertThatNullPointerException()
                .isThrownBy(() -> query.value(missing()))
                .withMessage("value");
    }

    /** What a caller without null checks can hand over. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T missing() {
        return null;
    }
}
