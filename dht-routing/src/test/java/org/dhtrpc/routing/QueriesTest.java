package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** What counts as a result of query and closest, and what they cost. */
class QueriesTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));
    private static final Bytes VALUE = Bytes.utf8("value");
    private static final Query QUERY = Query.of(Bench.COMMAND, TARGET).value(VALUE);

    private final Peer one = Peer.at(TARGET, 1);
    private final Peer two = Peer.at(TARGET, 2);
    private final Peer three = Peer.at(TARGET, 3);
    private final Bench bench = Bench.setup().knows(one, two, three).build().with(one, two, three);

    private long query(Query query) {
        long id = bench.begin(query, Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(60));
        return id;
    }

    private long closest(Query query) {
        long id = bench.beginClosest(query, Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(60));
        return id;
    }

    private QuerySummary summary(long id) {
        return bench.end(id).summary();
    }

    private List<Endpoint> from() {
        return bench.results.stream().map(QueryResult::from).toList();
    }

    @Test
    void a_result_is_a_reply_with_an_id_and_without_an_error() {
        one.value = Bytes.utf8("answer");
        long query = query(QUERY);
        assertThat(bench.failure(query)).isNull();
        assertThat(from()).containsExactlyInAnyOrder(one.endpoint, two.endpoint, three.endpoint);
        assertThat(bench.results.get(0))
                .isEqualTo(new QueryResult(
                        Phase.DISCOVERY, one.endpoint, one.id, null, Bytes.utf8("answer"), Duration.ofMillis(10)));
        assertThat(summary(query))
                .isEqualTo(new QuerySummary(
                        3,
                        0,
                        3,
                        0,
                        0,
                        0,
                        0,
                        1,
                        List.of(one.contact(), two.contact(), three.contact()),
                        false,
                        Duration.ofMillis(10)));
    }

    @Test
    void error_replies_and_those_of_ephemeral_nodes_are_counted_and_not_emitted_but_guide_the_search() {
        Peer four = Peer.at(TARGET, 4);
        Peer five = Peer.at(TARGET, 5);
        bench.with(four, five);
        one.error = ErrorCode.UNKNOWN_COMMAND;
        one.naming(four);
        two.listed = false;
        two.naming(five);
        long query = query(QUERY);
        assertThat(from()).containsExactlyInAnyOrder(three.endpoint, four.endpoint, five.endpoint);
        assertThat(summary(query).errors()).isEqualTo(1);
        assertThat(summary(query).ephemerals()).isEqualTo(1);
        assertThat(summary(query).replies()).isEqualTo(5);
        assertThat(summary(query).closest()).containsExactly(three.contact(), four.contact(), five.contact());
    }

    @Test
    void only_the_nodes_of_the_nodes_option_are_asked_and_count_without_an_id_too() {
        two.listed = false;
        three.error = ErrorCode.HANDLER_FAILED;
        two.naming(Peer.at(TARGET, 9));
        long query = query(QUERY.nodes(two.endpoint, three.endpoint));
        assertThat(from()).containsExactly(two.endpoint);
        assertThat(bench.results.get(0).id()).isNull();
        assertThat(summary(query).ephemerals()).isEqualTo(1);
        assertThat(summary(query).errors()).isEqualTo(1);
        assertThat(one.asked).isEmpty();
        assertThat(bench.requestsTo(Peer.endpoint(9))).isEmpty();
    }

    @Test
    void a_named_node_is_no_commit_target_without_an_id() {
        two.listed = false;
        long closest = closest(QUERY.nodes(one.endpoint, two.endpoint).verbose(true));
        assertThat(two.asked).hasSize(1);
        assertThat(one.asked).hasSize(2);
        assertThat(summary(closest).commits()).isEqualTo(1);
    }

    @Test
    void a_node_that_gives_no_token_is_no_commit_target() {
        Bench lonely = Bench.setup().knows(one).build();
        long closest = lonely.beginClosest(QUERY, Long.MAX_VALUE);
        Reply reply = one.reply(lonely.lastRequest());
        lonely.receive(
                one.endpoint,
                new Reply(reply.transaction(), reply.sender(), reply.to(), reply.contacts(), null, 0, null));
        assertThat(lonely.failure(closest)).isEqualTo(Reason.NO_CLOSE_NODES_RESPONDED);
        assertThat(lonely.requests()).noneMatch(Request::commit);
    }

    @Test
    void every_one_of_many_named_nodes_is_asked_and_committed_to() {
        Peer[] many = new Peer[200];
        Endpoint[] endpoints = new Endpoint[200];
        for (int i = 0; i < 200; i++) {
            many[i] = Peer.at(TARGET, 1_000 + i);
            endpoints[i] = many[i].endpoint;
        }
        bench.with(many);
        long closest = closest(QUERY.nodes(endpoints));
        assertThat(summary(closest).commits()).isEqualTo(200);
        assertThat(bench.results).hasSize(200);
    }

    @Test
    void if_nobody_answers_the_query_fails_with_no_nodes_responded() {
        one.dead = true;
        two.dead = true;
        three.dead = true;
        long query = query(QUERY);
        assertThat(bench.end(query).failure()).hasMessage("No nodes responded");
        assertThat(bench.failure(query)).isEqualTo(Reason.NO_NODES_RESPONDED);
        assertThat(summary(query).failures()).isEqualTo(3);
        assertThat(summary(query).repeats()).isEqualTo(6);
        bench.finished.clear();
        long closest = closest(QUERY);
        assertThat(bench.end(closest).failure()).hasMessage("No nodes responded");
    }

    @Test
    void if_nobody_is_known_the_query_fails_at_once() {
        Bench lonely = Bench.setup().build();
        long query = lonely.begin(QUERY, 1);
        assertThat(lonely.end(query).failure()).hasMessage("No nodes responded");
    }

    @Test
    void if_all_contacts_have_gone_stale_they_are_asked_all_the_same() {
        one.dead = true;
        Bench lonely = Bench.setup().knows(one).build().with(one);
        lonely.ping(one);
        lonely.run(Duration.ofSeconds(5));
        assertThat(lonely.machine.knowsSomebody()).isFalse();
        one.dead = false;
        long query = lonely.begin(QUERY, Long.MAX_VALUE);
        lonely.runMillis(100);
        assertThat(lonely.failure(query)).isNull();
        assertThat(lonely.machine.knowsSomebody()).isTrue();
    }

    @Test
    void if_no_commit_succeeds_closest_fails_with_no_close_nodes_responded() {
        for (Peer peer : List.of(one, two, three)) {
            peer.commitError = ErrorCode.HANDLER_FAILED;
        }
        long closest = closest(QUERY);
        assertThat(bench.end(closest).failure()).hasMessage("No close nodes responded");
        assertThat(bench.failure(closest)).isEqualTo(Reason.NO_CLOSE_NODES_RESPONDED);
        assertThat(summary(closest).errors()).isEqualTo(3);
        assertThat(bench.results).isEmpty();
    }

    @Test
    void a_query_that_gets_only_errors_has_been_answered_and_does_not_fail() {
        for (Peer peer : List.of(one, two, three)) {
            peer.error = ErrorCode.UNKNOWN_COMMAND;
        }
        assertThat(bench.failure(query(QUERY))).isNull();
        assertThat(bench.results).isEmpty();
    }

    @Test
    void closest_commits_with_each_nodes_own_token_and_emits_the_commits_only() {
        one.value = Bytes.utf8("stored");
        long closest = closest(QUERY);
        assertThat(bench.results).extracting(QueryResult::phase).containsOnly(Phase.COMMIT);
        assertThat(from()).containsExactlyInAnyOrder(one.endpoint, two.endpoint, three.endpoint);
        assertThat(one.asked).hasSize(2);
        assertThat(one.asked.get(1)).satisfies(commit -> {
            assertThat(commit.commit()).isTrue();
            assertThat(commit.token()).isEqualTo(one.token);
            assertThat(commit.value()).isEqualTo(VALUE);
            assertThat(commit.target()).isEqualTo(TARGET);
        });
        assertThat(summary(closest).commits()).isEqualTo(3);
        assertThat(summary(closest).requests()).isEqualTo(6);
    }

    @Test
    void verbose_closest_emits_the_discovery_too() {
        closest(QUERY.verbose(true));
        assertThat(bench.results)
                .extracting(QueryResult::phase)
                .containsExactly(
                        Phase.DISCOVERY, Phase.DISCOVERY, Phase.DISCOVERY, Phase.COMMIT, Phase.COMMIT, Phase.COMMIT);
    }

    @Test
    void the_discovery_of_closest_does_not_carry_the_value_unless_asked_to() {
        closest(QUERY);
        assertThat(one.asked.get(0).value()).isNull();
        assertThat(one.asked.get(0).command()).isEqualTo(Bench.COMMAND);
        bench.finished.clear();
        closest(QUERY.discoveryValue(true));
        assertThat(one.asked.get(2).value()).isEqualTo(VALUE);
        assertThat(one.asked.get(3).value()).isEqualTo(VALUE);
    }

    @Test
    void a_query_carries_its_value() {
        query(QUERY);
        assertThat(one.asked.get(0).value()).isEqualTo(VALUE);
    }

    @Test
    void closest_commits_on_the_k_nearest_only() {
        Peer[] all = new Peer[30];
        for (int i = 0; i < 30; i++) {
            all[i] = Peer.at(TARGET, i + 1);
        }
        Peer guide = Peer.at(TARGET, 1_000).naming(all);
        guide.names = guide.names.subList(0, 20);
        Peer other = Peer.at(TARGET, 1_001).naming(java.util.Arrays.copyOfRange(all, 10, 30));
        Bench wide = Bench.setup().knows(guide, other).build().with(all).with(guide, other);
        long closest = wide.beginClosest(QUERY, Long.MAX_VALUE);
        wide.runMillis(2_000);
        assertThat(wide.end(closest).summary().commits()).isEqualTo(20);
        assertThat(wide.requests().stream().filter(Request::commit).map(Request::to))
                .containsExactlyInAnyOrderElementsOf(java.util.Arrays.stream(all)
                        .limit(20)
                        .map(peer -> peer.endpoint)
                        .toList());
    }

    @Test
    void a_node_with_two_addresses_is_one_of_the_k_and_gets_one_commit() {
        Peer alias = new Peer(one.id, Endpoint.parse("[2001:db8::1]:4000"));
        Peer guide = Peer.at(TARGET, 1_000).naming(one, alias, two);
        Bench wide = Bench.setup().k(3).knows(guide).build().with(guide, one, alias, two);
        long closest = wide.beginClosest(QUERY, Long.MAX_VALUE);
        wide.runMillis(1_000);
        assertThat(wide.end(closest).summary().closest())
                .containsExactly(one.contact(), two.contact(), guide.contact());
        assertThat(wide.end(closest).summary().commits()).isEqualTo(3);
    }

    @Test
    void a_commit_whose_token_is_refused_is_repeated_once_with_the_fresh_one() {
        Bench fresh = Bench.setup().knows(one).build();
        long closest = fresh.beginClosest(QUERY, Long.MAX_VALUE);
        fresh.receive(one.endpoint, one.reply(fresh.lastRequest()));
        assertThat(fresh.lastRequest().token()).isEqualTo(one.token);
        one.token = Peer.token(78);
        one.commitError = ErrorCode.INVALID_TOKEN;
        fresh.receive(one.endpoint, one.reply(fresh.lastRequest()));
        assertThat(fresh.lastRequest().token()).isEqualTo(Peer.token(78));
        one.commitError = ErrorCode.NONE;
        fresh.receive(one.endpoint, one.reply(fresh.lastRequest()));
        assertThat(fresh.failure(closest)).isNull();
        assertThat(fresh.end(closest).summary().commits()).isEqualTo(1);
        assertThat(fresh.end(closest).summary().requests()).isEqualTo(3);
    }

    @Test
    void a_node_that_refuses_every_token_is_not_asked_a_third_time() {
        one.commitError = ErrorCode.INVALID_TOKEN;
        long closest = closest(QUERY);
        assertThat(one.asked.stream().filter(Request::commit)).hasSize(2);
        assertThat(summary(closest).commits()).isEqualTo(2);
        assertThat(summary(closest).errors()).isEqualTo(2);
    }

    @Test
    void a_commit_that_nobody_answers_is_a_failure_and_the_others_count() {
        long closest = bench.beginClosest(QUERY, Long.MAX_VALUE);
        one.dead = true;
        bench.run(Duration.ofSeconds(10));
        assertThat(one.asked.stream().filter(Request::commit)).hasSize(KademliaConfig.MAX_SENDS);
        assertThat(bench.failure(closest)).isNull();
        assertThat(summary(closest).commits()).isEqualTo(2);
        assertThat(summary(closest).failures()).isEqualTo(1);
    }

    @Test
    void a_query_that_takes_longer_than_its_deadline_fails_as_timed_out() {
        one.dead = true;
        long query = bench.begin(QUERY.deadline(Duration.ofSeconds(2)), Long.MAX_VALUE);
        bench.runMillis(1_999);
        assertThat(bench.finished).isEmpty();
        bench.runMillis(1);
        assertThat(bench.failure(query)).isEqualTo(Reason.TIMED_OUT);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        assertThat(bench.machine.stats().operations()).isZero();
    }
}
