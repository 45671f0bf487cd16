package org.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The records that an application is given: shared between threads, so what they hold must not change. */
class RecordsTest {
    private static final Key KEY = Key.parse("3fa90000" + "0".repeat(56));
    private static final Endpoint ENDPOINT = Endpoint.parse("192.0.2.1:3282");
    private static final Contact CONTACT = new Contact(KEY, ENDPOINT);

    @Test
    void a_result_is_a_contact_only_with_an_id() {
        QueryResult named = new QueryResult(Phase.COMMIT, ENDPOINT, KEY, null, null, Duration.ZERO);
        QueryResult nameless = new QueryResult(Phase.DISCOVERY, ENDPOINT, null, null, Bytes.EMPTY, Duration.ZERO);
        assertThat(named.contact()).contains(CONTACT);
        assertThat(nameless.contact()).isEmpty();
    }

    @Test
    void a_summary_copies_its_list_and_adds_up_datagrams() {
        List<Contact> closest = new ArrayList<>(List.of(CONTACT));
        QuerySummary summary = new QuerySummary(7, 3, 0, 0, 0, 0, 0, 0, closest, false, Duration.ZERO);
        closest.clear();
        assertThat(summary.closest()).containsExactly(CONTACT).isUnmodifiable();
        assertThat(summary.datagrams()).isEqualTo(10);
    }

    private static DhtStats stats(Map<Rejection, Long> rejected) {
        return new DhtStats(DhtState.JOINED, Health.ONLINE, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, rejected);
    }

    @Test
    void stats_copy_their_map() {
        Map<Rejection, Long> rejected = new EnumMap<>(Rejection.class);
        rejected.put(Rejection.MALFORMED, 2L);
        DhtStats stats = stats(rejected);
        rejected.put(Rejection.MALFORMED, 3L);
        assertThat(stats.rejected())
                .containsExactly(Map.entry(Rejection.MALFORMED, 2L))
                .isUnmodifiable();
        assertThat(stats(Map.of()).rejected()).isEmpty();
    }

    @Test
    void stats_have_their_reasons_in_the_order_of_declaration() {
        Map<Rejection, Long> backwards = new LinkedHashMap<>();
        List<Rejection> reasons = new ArrayList<>(List.of(Rejection.values()));
        Collections.reverse(reasons);
        reasons.forEach(reason -> backwards.put(reason, 1L));
        assertThat(stats(backwards).rejected().keySet()).containsExactly(Rejection.values());
        assertThat(stats(backwards).rejected()).isEqualTo(backwards);
    }
}
