package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.Query;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses a node has to do with: the application's filter, the reach of an address, and subnets. */
class AddressesTest {
    private static final Endpoint REFUSED = Endpoint.parse("198.51.100.66:4000");
    private static final Query QUERY = Query.of(Command.FIND_NODE, Bench.ID);

    private static Peer peer(int distance, String endpoint) {
        return new Peer(Peer.key(Bench.ID, distance), Endpoint.parse(endpoint));
    }

    private static Request ping(long transaction) {
        return new Request(transaction, Peer.key(Bench.ID, 9), Bench.HERE, Command.PING, null, null, null);
    }

    @Test
    void whom_the_filter_refuses_is_neither_answered_nor_pinged_back() {
        Bench bench =
                Bench.setup().filter(endpoint -> !endpoint.equals(REFUSED)).build();
        bench.receive(REFUSED, ping(1));
        assertThat(bench.sent).isEmpty();
        assertThat(bench.rejected(Rejection.FILTERED)).isEqualTo(1);
        bench.receive(Endpoint.parse("198.51.100.67:4000"), ping(2));
        assertThat(bench.sent).isNotEmpty();
    }

    @Test
    void whom_the_filter_refuses_is_not_asked_whoever_names_it() {
        Peer refused = new Peer(Peer.key(Bench.ID, 1), REFUSED);
        Peer guide = peer(5, "203.0.113.5:4000").naming(refused);
        Bench bench = Bench.setup()
                .filter(endpoint -> !endpoint.equals(REFUSED))
                .knows(guide, refused)
                .saved(refused)
                .build()
                .with(guide, refused);
        bench.bootstrap(refused, guide);
        bench.begin(QUERY, Long.MAX_VALUE);
        bench.begin(QUERY.nodes(REFUSED), Long.MAX_VALUE);
        bench.runMillis(60_000);
        assertThat(bench.requestsTo(REFUSED)).isEmpty();
        assertThat(bench.contacts()).containsExactly(guide.contact());
    }

    @ParameterizedTest
    @ValueSource(strings = {"224.0.0.1:53", "255.255.255.255:67", "0.0.0.0:1", "0.0.0.1:1", "[ff02::1]:5353"})
    void nobody_is_asked_at_the_address_of_a_group_or_of_all(String text) {
        Endpoint nobody = Endpoint.parse(text);
        Peer guide = peer(5, "10.0.0.5:4000");
        guide.names.add(new Contact(Peer.key(Bench.ID, 1), nobody));
        Bench bench = Bench.setup().knows(guide).build().with(guide);
        bench.begin(QUERY, Long.MAX_VALUE);
        long request = bench.request(nobody, Command.PING, java.time.Duration.ofSeconds(1));
        bench.runMillis(10_000);
        assertThat(bench.requestsTo(guide.endpoint)).isNotEmpty();
        assertThat(bench.requestsTo(nobody)).isEmpty();
        assertThat(bench.failure(request)).isEqualTo(Reason.UNKNOWN_HOST);
        bench.receive(nobody, ping(1));
        assertThat(bench.replies()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1:53", "169.254.1.1:53", "10.0.0.1:53", "192.168.1.1:53", "[::1]:53", "[fd00::1]:53"})
    void a_public_node_cannot_have_us_ask_somebody_in_our_own_surroundings(String text) {
        Endpoint inside = Endpoint.parse(text);
        Peer guide = peer(5, "203.0.113.5:4000");
        guide.names.add(new Contact(Peer.key(Bench.ID, 1), inside));
        Bench bench = Bench.setup().knows(guide).build().with(guide);
        bench.bootstrap(guide);
        bench.begin(QUERY, Long.MAX_VALUE);
        bench.runMillis(10_000);
        assertThat(bench.requestsTo(guide.endpoint)).isNotEmpty();
        assertThat(bench.requestsTo(inside)).isEmpty();
    }

    @Test
    void a_node_in_our_own_surroundings_may_name_its_like_and_anybody_farther_away() {
        Peer beside = peer(1, "10.0.0.1:53");
        Peer far = peer(2, "203.0.113.7:53");
        Peer guide = peer(5, "10.0.0.5:4000").naming(beside, far);
        Bench bench = Bench.setup().knows(guide).build().with(guide, beside, far);
        bench.begin(QUERY, Long.MAX_VALUE);
        bench.runMillis(10_000);
        assertThat(bench.requestsTo(beside.endpoint)).isNotEmpty();
        assertThat(bench.requestsTo(far.endpoint)).isNotEmpty();
    }

    private static RoutingTable table(SubnetLimit limit) {
        return new RoutingTable(Bench.ID, 20, limit, 0, event -> {});
    }

    private static int fill(RoutingTable table, String subnet, int bucket) {
        Random random = new Random(bucket);
        for (int host = 1; host <= 200; host++) {
            Key id = Bench.ID.randomInBucket(bucket, random);
            table.verified(0, new Contact(id, Endpoint.parse(subnet.formatted(host) + ":" + (1_000 + bucket))), -1);
        }
        return table.size();
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.%d", "[2001:db8:7:%d::1]"})
    void a_public_subnet_gets_few_places_in_a_bucket_and_in_the_table(String subnet) {
        RoutingTable table = table(new SubnetLimit(4, 10));
        assertThat(fill(table, subnet, 0)).isEqualTo(4);
        assertThat(fill(table, subnet, 1)).isEqualTo(8);
        assertThat(fill(table, subnet, 2)).isEqualTo(10);
        assertThat(fill(table, subnet.replace("100", "101").replace("7", "8"), 2))
                .isEqualTo(14);
    }

    @Test
    void a_public_subnet_gets_no_more_places_in_a_table_that_is_filled_at_once() {
        RoutingTable table = table(new SubnetLimit(4, 10));
        List<Contact> crowd = new ArrayList<>();
        for (int host = 1; host <= 60; host++) {
            Key id = Bench.ID.randomInBucket(host % 3, new Random(host));
            crowd.add(new Contact(id, Endpoint.parse("198.51.100." + host + ":1")));
        }
        Setup setup = Bench.setup();
        table.load(0, crowd, new Reach(new Identity(Bench.ID, Bench.HERE, null, false), setup.reachable, setup.filter));
        assertThat(table.size()).isEqualTo(10);
        assertThat(table.closest(crowd.get(2).id(), 4, null))
                .allMatch(contact -> Bench.ID.commonPrefix(contact.id()) == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.%d", "10.0.0.%d", "[fd00::%d]"})
    void local_subnets_are_not_limited(String subnet) {
        assertThat(fill(table(new SubnetLimit(1, 1)), subnet, 0)).isEqualTo(20);
    }

    @Test
    void who_wants_no_limit_has_none() {
        assertThat(fill(table(SubnetLimit.UNLIMITED), "198.51.100.%d", 0)).isEqualTo(20);
    }

    @Test
    void a_newcomer_may_take_the_place_of_a_stale_contact_of_its_own_subnet() {
        RoutingTable table = table(new SubnetLimit(2, 2));
        List<Contact> three = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            three.add(new Contact(Peer.key(Bench.ID, 8 + i), Endpoint.parse("198.51.100." + i + ":1")));
            table.verified(0, three.get(i - 1), -1);
        }
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.wants(three.get(2))).isFalse();
        table.failed(three.get(0).endpoint(), true);
        assertThat(table.wants(three.get(2))).isTrue();
        table.verified(0, three.get(2), -1);
        assertThat(table.closest(Bench.ID, 20, null)).containsExactlyInAnyOrder(three.get(1), three.get(2));
    }

    @Test
    void an_id_does_not_move_into_a_subnet_that_has_its_share_and_keeps_its_place() {
        RoutingTable table = table(new SubnetLimit(1, 1));
        Contact moving = new Contact(Peer.key(Bench.ID, 9), Endpoint.parse("203.0.113.9:1"));
        Contact moved = new Contact(moving.id(), Endpoint.parse("198.51.100.9:1"));
        table.verified(0, new Contact(Peer.key(Bench.ID, 8), Endpoint.parse("198.51.100.8:1")), -1);
        table.verified(0, moving, -1);
        table.failed(moving.endpoint(), true);
        assertThat(table.wants(moved)).isFalse();
        table.verified(0, moved, -1);
        assertThat(table.export(0))
                .extracting(KnownContact::contact)
                .contains(moving)
                .doesNotContain(moved);
    }

    @Test
    void a_limit_of_none_is_refused() {
        assertThatThrownBy(() -> new SubnetLimit(0, 1)).hasMessageContaining("not 0 in a bucket and 1 in all");
    }
}
