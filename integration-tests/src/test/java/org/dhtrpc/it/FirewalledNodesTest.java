package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.Punched;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that hear only whom they have called, in a network of others. */
class FirewalledNodesTest {
    private static final Bytes VALUE = Bytes.utf8("what only the hidden node has");

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(11).byReference().build();
    private final Map<Endpoint, Firewall> firewalls = new HashMap<>();
    private final Map<Endpoint, DhtEvent.KeepaliveChanged> standings = new HashMap<>();
    private final List<Endpoint> referrers = new ArrayList<>();
    private Endpoint bootstrap = Endpoint.parse("10.0.0.1:3282");

    /** Knows how to reach whoever is behind a firewall that is open to the referrer; that takes a round trip or two. */
    private HolePuncher puncher(SimulatedHost host, EventLoop loop) {
        return (peer, referrer) -> {
            CompletableFuture<Punched> punched = new CompletableFuture<>();
            referrers.add(referrer);
            loop.schedule(loop.nanoTime() + Duration.ofMillis(200).toNanos(), () -> {
                Firewall firewall = firewalls.get(peer);
                if (firewall != null && firewall.isOpen(referrer)) {
                    firewall.open(host.endpoint());
                    punched.complete(Punched.of(peer, "test", Duration.ofMillis(200)));
                } else {
                    punched.completeExceptionally(
                            new DhtException(DhtException.Reason.PUNCH_FAILED, "the referrer does not know " + peer));
                }
            });
            return punched;
        };
    }

    private NodeBuilder node(SimulatedHost host) {
        return SimulatedStore.node(host)
                .holePuncher(puncher(host, host.transport().loop()))
                .bootstrap(bootstrap);
    }

    @BeforeEach
    void formation() {
        bootstrap = SimulatedStore.node(network.host()).ephemeral(true).build().localAddress();
        List<Dht> nodes = new ArrayList<>();
        network.start(40, host -> {
            Dht node = node(host).build();
            node.onEvent(event -> told(host.endpoint(), event));
            nodes.add(node);
            return node;
        });
        nodes.forEach(node -> network.await(node.ready()));
    }

    @AfterEach
    void close() {
        network.close();
    }

    private void told(Endpoint node, DhtEvent event) {
        if (event instanceof DhtEvent.KeepaliveChanged changed) {
            standings.put(node, changed);
        }
    }

    private Dht hidden() {
        SimulatedHost host = network.host();
        Firewall firewall = new Firewall(host.transport());
        firewalls.put(host.endpoint(), firewall);
        Dht hidden = node(host).transport(firewall).build();
        hidden.onEvent(event -> told(host.endpoint(), event));
        hidden.onQuery("have", query -> VALUE);
        network.await(hidden.ready());
        network.run(Duration.ofMinutes(2));
        return hidden;
    }

    @Test
    void a_query_that_must_pass_through_a_firewalled_holder_of_the_value_finds_it_with_punching_and_not_without() {
        Dht hidden = hidden();
        Query query = Query.of("have", hidden.id());
        Dht client = node(network.host()).ephemeral(true).build();
        network.await(client.ready());

        assertThat(network.await(client.query(query.holepunching(false)).results()))
                .isEmpty();
        assertThat(referrers).isEmpty();
        assertThat(network.await(client.query(query).results()))
                .extracting(QueryResult::value)
                .containsExactly(VALUE);
        assertThat(referrers).isNotEmpty();
    }

    @Test
    void who_is_behind_a_firewall_finds_out_and_is_listed_and_most_of_the_others_find_out_that_they_are_not() {
        Dht hidden = hidden();
        assertThat(standings.get(hidden.localAddress()))
                .isEqualTo(new DhtEvent.KeepaliveChanged(true, "strangers do not reach the node"));
        assertThat(hidden.ephemeral()).isFalse();
        standings.remove(hidden.localAddress());
        assertThat(standings).hasSize(40);
        assertThat(standings.values())
                .filteredOn(standing -> !standing.active())
                .as("who was not called by all before it could ask them; those keep paths open that nobody needs")
                .hasSizeGreaterThan(30);
    }
}
