package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static final Endpoint A = Endpoint.parse("10.0.0.1:3282");
    private static final Endpoint B = Endpoint.parse("10.0.0.2:3282");
    private static final Message PING = ToyCodec.ping(-1, Bytes.EMPTY);

    private final Trace trace = new Trace(new Hash64(1));

    @Test
    void the_last_datagrams_are_told_in_the_order_in_which_they_were_sent() {
        trace.sent(1_500_000, A, B, PING, 11, Fate.UNDER_WAY);
        trace.sent(2_500_000, B, A, ToyCodec.pong(PING), 12, Fate.LOST);
        trace.sent(3_000_000_000L, A, B, null, 13, Fate.UNDER_WAY);
        assertThat(trace.last(100))
                .containsExactly(
                        "PT0.0015S 10.0.0.1:3282 > 10.0.0.2:3282, ping 18446744073709551615, 11 bytes, under way",
                        "PT0.0025S 10.0.0.2:3282 > 10.0.0.1:3282, reply 18446744073709551615, 12 bytes, lost",
                        "PT3S 10.0.0.1:3282 > 10.0.0.2:3282, unknown content, 13 bytes, under way");
        assertThat(trace.last(1)).singleElement().asString().startsWith("PT3S");
        assertThat(trace.last(0)).isEmpty();
    }

    @Test
    void of_many_datagrams_only_the_last_are_kept() {
        int sent = 3 * Trace.KEPT + 5;
        for (int i = 1; i <= sent; i++) {
            trace.sent(0, A, B, null, i, Fate.UNDER_WAY);
        }
        List<String> all = trace.last(Integer.MAX_VALUE);
        assertThat(all).hasSize(Trace.KEPT);
        assertThat(all.get(0)).contains(" " + (sent - Trace.KEPT + 1) + " bytes");
        assertThat(all.get(Trace.KEPT - 1)).contains(" " + sent + " bytes");
        assertThat(trace.last(7)).isEqualTo(all.subList(Trace.KEPT - 7, Trace.KEPT));
    }

    @Test
    void whatever_is_different_about_a_datagram_makes_another_hash() {
        assertThat(List.of(
                        hash(0, A, B, PING, 5, Fate.UNDER_WAY),
                        hash(1, A, B, PING, 5, Fate.UNDER_WAY),
                        hash(0, B, A, PING, 5, Fate.UNDER_WAY),
                        hash(0, A, A, PING, 5, Fate.UNDER_WAY),
                        hash(0, A, B, ToyCodec.pong(PING), 5, Fate.UNDER_WAY),
                        hash(0, A, B, ToyCodec.ping(2, Bytes.EMPTY), 5, Fate.UNDER_WAY),
                        hash(0, A, B, PING, 6, Fate.UNDER_WAY),
                        hash(0, A, B, PING, 5, Fate.LOST)))
                .doesNotHaveDuplicates();
        assertThat(hash(0, A, B, PING, 5, Fate.UNDER_WAY)).isEqualTo(hash(0, A, B, PING, 5, Fate.UNDER_WAY));
    }

    private static long hash(long time, Endpoint from, Endpoint to, Message message, int size, Fate fate) {
        Trace trace = new Trace(new Hash64(1));
        trace.sent(time, from, to, message, size, fate);
        return trace.value();
    }
}
