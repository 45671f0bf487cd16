package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

class CallsTest {
    private static final Endpoint STRANGER = Endpoint.parse("192.0.2.1:3282");
    private static final long HORIZON = 1_000;

    private final Calls calls = new Calls(HORIZON, new Deadlines());

    @Test
    void of_requests_whose_ids_meet_in_the_memory_only_the_latest_are_recognised() {
        // Both halves are the same, so that all have one hash.
        assertLatestRecognised(i -> request((long) i << 32 | i, 0));
    }

    @Test
    void of_requests_that_have_the_same_id_only_the_latest_are_recognised() {
        assertLatestRecognised(i -> request(7, i));
    }

    private void assertLatestRecognised(IntFunction<Request> ith) {
        int count = 100;
        List<Request> requests = IntStream.range(0, count).mapToObj(ith).toList();
        requests.forEach(
                request -> calls.end(calls.begin(0, new Asked(STRANGER, request, null, false, false, 1_000)).id));
        assertThat(calls.remembered()).isEqualTo(count);
        assertThat(requests.stream().map(request -> calls.repeated(0, STRANGER, request) != null))
                .containsExactlyElementsOf(IntStream.range(0, count)
                        .mapToObj(i -> i >= count - Calls.LONGEST_CHAIN)
                        .toList());

        calls.forgetOld(HORIZON);
        assertThat(calls.remembered()).isZero();
        assertThat(calls.repeated(HORIZON, STRANGER, requests.get(count - 1))).isNull();
    }

    private static Request request(long transaction, int value) {
        return new Request(
                transaction,
                null,
                STRANGER,
                Command.of("store"),
                null,
                false,
                null,
                Bytes.of(new byte[] {(byte) value}),
                null,
                0);
    }
}
