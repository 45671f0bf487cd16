package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** One request to one node. */
class DirectRequestsTest {
    private static final Bytes VALUE = Bytes.utf8("value");

    private final Peer one = Peer.at(Bench.ID, 1);
    private final Peer two = Peer.at(Bench.ID, 2);
    private final Bench bench = Bench.setup().build().with(one, two);

    @Test
    void a_direct_request_gets_the_answer_or_the_error_of_its_peer() {
        one.value = VALUE;
        long good = bench.request(one.endpoint, Bench.COMMAND, Duration.ofSeconds(5));
        two.error = ErrorCode.HANDLER_FAILED;
        long bad = bench.request(two.endpoint, Bench.COMMAND, Duration.ofSeconds(5));
        bench.runMillis(100);
        assertThat(bench.failure(good)).isNull();
        assertThat(bench.failure(bad)).isEqualTo(Reason.REFUSED);
        assertThat(bench.answered.get(bad))
                .satisfies(answered -> assertThat(answered.failure())
                        .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.HANDLER_FAILED)));
    }

    @Test
    void a_direct_request_that_must_prove_its_address_does_so_once() {
        one.error = ErrorCode.PROVE_ADDRESS;
        long request = bench.request(one.endpoint, Bench.COMMAND, Duration.ofSeconds(5));
        bench.runMillis(100);
        assertThat(one.asked).extracting(Request::token).containsExactly(null, one.token);
        assertThat(bench.failure(request)).isEqualTo(Reason.REFUSED);
    }

    @Test
    void proving_its_address_does_not_give_a_direct_request_more_time() {
        one.error = ErrorCode.PROVE_ADDRESS;
        one.latency = Duration.ofMillis(900);
        long request = bench.request(one.endpoint, Bench.COMMAND, Duration.ofSeconds(1));
        bench.runMillis(999);
        assertThat(one.asked.get(one.asked.size() - 1).token()).isEqualTo(one.token);
        assertThat(bench.answered).isEmpty();
        bench.runMillis(1);
        assertThat(bench.failure(request)).isEqualTo(Reason.TIMED_OUT);
    }
}
