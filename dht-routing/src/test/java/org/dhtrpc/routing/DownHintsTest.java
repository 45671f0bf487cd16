package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** Who has named somebody to us who does not answer hears of it. */
class DownHintsTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));

    private final Peer nearest = Peer.at(TARGET, 1);
    private final Peer dead = Peer.at(TARGET, 2);
    private final Peer one = Peer.at(TARGET, 10).naming(nearest, dead);
    private final Peer two = Peer.at(TARGET, 20).naming(dead);
    private final Peer three = Peer.at(TARGET, 30);

    DownHintsTest() {
        dead.dead = true;
    }

    private Bench bench(Setup setup) {
        // Two at a time, so that both have named it when it is its turn.
        return setup.concurrency(2).knows(one, two, three).build().with(nearest, dead, one, two, three);
    }

    private static void find(Bench bench) {
        bench.begin(Query.of(Command.FIND_NODE, TARGET), Long.MAX_VALUE);
    }

    private static List<Request> hints(Bench bench) {
        return bench.requests().stream()
                .filter(request -> request.command().equals(Command.DOWN_HINT))
                .toList();
    }

    private static List<Endpoint> hinted(Bench bench) {
        return hints(bench).stream().map(request -> request.to()).toList();
    }

    @Test
    void each_of_them_gets_one_hint_with_its_address() {
        Bench bench = bench(Bench.setup());
        find(bench);
        bench.runMillis(4_000);
        assertThat(hints(bench)).as("it may yet answer").isEmpty();
        bench.run(Duration.ofSeconds(20));
        assertThat(hinted(bench)).containsExactlyInAnyOrder(one.endpoint, two.endpoint);
        assertThat(hints(bench)).extracting(Request::value).containsOnly(Arguments.ofEndpoint(dead.endpoint));
        assertThat(bench.machine.stats().hintsSent()).isEqualTo(2);
    }

    @Test
    void one_that_was_asked_once_more_brings_one_hint_too() {
        Bench bench = bench(Bench.setup());
        one.deaf = 1;
        find(bench);
        bench.run(Duration.ofSeconds(20));
        assertThat(dead.asked).hasSizeGreaterThan(KademliaConfig.MAX_SENDS);
        assertThat(hinted(bench)).containsExactlyInAnyOrder(one.endpoint, two.endpoint);
    }

    @Test
    void one_that_answers_when_it_is_asked_once_more_brings_none() {
        Bench bench = bench(Bench.setup());
        dead.dead = false;
        dead.deaf = KademliaConfig.MAX_SENDS;
        one.deaf = 1;
        find(bench);
        bench.run(Duration.ofSeconds(20));
        assertThat(bench.results).extracting(result -> result.from()).contains(dead.endpoint);
        assertThat(dead.asked).hasSizeGreaterThan(KademliaConfig.MAX_SENDS);
        assertThat(hints(bench)).isEmpty();
    }

    @Test
    void a_contact_of_ours_that_nobody_named_brings_none() {
        three.dead = true;
        Bench bench = bench(Bench.setup());
        find(bench);
        bench.run(Duration.ofSeconds(20));
        assertThat(hints(bench)).extracting(Request::value).doesNotContain(Arguments.ofEndpoint(three.endpoint));
    }

    @Test
    void a_query_that_is_cancelled_brings_none() {
        Bench bench = bench(Bench.setup());
        long query = bench.begin(Query.of(Command.FIND_NODE, TARGET), Long.MAX_VALUE);
        bench.runMillis(50);
        assertThat(dead.asked).isNotEmpty();
        assertThat(bench.finished).isEmpty();
        bench.cancel(query);
        bench.run(Duration.ofSeconds(20));
        assertThat(hints(bench)).isEmpty();
    }

    @Test
    void a_hint_is_sent_once_and_its_loss_blames_nobody() {
        Bench bench = bench(Bench.setup());
        find(bench);
        bench.runMillis(3_000);
        one.dead = true;
        two.dead = true;
        bench.run(Duration.ofSeconds(12));
        assertThat(hints(bench)).hasSize(2);
        bench.sent.clear();
        bench.run(Duration.ofSeconds(10));
        assertThat(hints(bench)).isEmpty();
        assertThat(bench.named()).contains(one.contact(), two.contact());
        assertThat(bench.machine.stats().pendingRequests()).isZero();
    }

    @Test
    void where_the_wire_has_no_hints_none_is_sent() {
        Bench bench = bench(Bench.setup().wire(true, command -> !command.equals(Command.DOWN_HINT)));
        find(bench);
        bench.run(Duration.ofSeconds(20));
        assertThat(hints(bench)).isEmpty();
        assertThat(bench.machine.stats().hintsSent()).isZero();
    }

    @Test
    void at_most_fifty_leave_in_five_seconds() {
        List<Peer> referrers = new ArrayList<>();
        List<Contact> gone = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            referrers.add(Peer.at(TARGET, 100 + i));
            gone.add(Peer.at(TARGET, 1 + i).contact());
        }
        referrers.forEach(each -> each.names = gone);
        Peer[] all = referrers.toArray(Peer[]::new);
        Bench bench = Bench.setup().knows(all).build().with(all);
        find(bench);
        long begun = bench.now;
        int most = 0;
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            int before = hints(bench).size();
            bench.runMillis(50);
            for (int n = hints(bench).size() - before; n > 0; n--) {
                times.add(bench.now - begun);
            }
        }
        for (long from : times) {
            long within = times.stream()
                    .filter(time -> time >= from
                            && time - from < Duration.ofMillis(4_900).toNanos())
                    .count();
            most = Math.max(most, (int) within);
        }
        assertThat(most).isEqualTo(DownHints.MOST_SENT);
        assertThat(bench.machine.stats().hintsSent()).isEqualTo(times.size());
    }
}
