package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.it.Loopback.await;
import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.Survey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How nodes become a network, and what {@link Dht#ready} says about it. */
class NetworkFormationTest {
    private final Loopback network = new Loopback();

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void a_hundred_nodes_started_at_the_same_moment_all_become_ready_and_each_is_listed() {
        Endpoint bootstrap = network.bootstrap().localAddress();
        Roll roll = new Roll(100);
        List<Dht> nodes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            nodes.add(network.start(bootstrap));
        }
        nodes.forEach(roll::ask);

        nodes.forEach(node -> await(node.ready()));
        assertThat(await(roll.complete))
                .containsExactlyInAnyOrderElementsOf(nodes.stream().map(Dht::id).toList());
    }

    @Test
    void nodes_that_start_before_their_bootstrap_node_become_ready_when_it_comes() {
        try (SimulatedNetwork simulated = SimulatedNetwork.seeded(1).build()) {
            SimulatedHost bootstrap = simulated.host();
            List<Dht> nodes = simulated.start(
                    10,
                    host -> SimulatedStore.node(host)
                            .bootstrap(bootstrap.endpoint())
                            .build());
            assertThatThrownBy(() -> simulated.await(nodes.get(0).ready())).isInstanceOf(DhtException.class);

            simulated.start(
                    bootstrap, host -> SimulatedStore.node(host).ephemeral(true).build());

            nodes.forEach(node -> simulated.await(SimulatedStore.joins(node)));
            simulated.run(Duration.ofMinutes(1));
            assertThat(new Survey(simulated).lookups(50).run()).hasRecall(1);
        }
    }

    @Test
    void ready_fails_with_a_cause_for_each_dead_bootstrap_node_and_the_node_recovers() {
        try (SimulatedNetwork simulated = SimulatedNetwork.seeded(2).build()) {
            Endpoint one = simulated.host().endpoint();
            SimulatedHost second = simulated.host();
            Endpoint other = second.endpoint();
            Dht node =
                    SimulatedStore.node(simulated.host()).bootstrap(one, other).build();

            assertThatThrownBy(() -> simulated.await(node.ready()))
                    .isInstanceOfSatisfying(DhtException.class, failure -> {
                        assertThat(failure.reason()).isEqualTo(Reason.BOOTSTRAP_FAILED);
                        assertThat(failure).hasMessageContainingAll(one.toString(), other.toString());
                        assertThat(failure.getSuppressed())
                                .extracting(Throwable::getMessage)
                                .anySatisfy(message -> assertThat(message).contains(one.toString()))
                                .anySatisfy(message -> assertThat(message).contains(other.toString()))
                                .hasSize(2);
                    });
            assertThat(simulated.await(node.stats()).state()).isEqualTo(DhtState.UNREACHABLE);

            simulated.start(
                    second, host -> SimulatedStore.node(host).ephemeral(true).build());

            simulated.await(SimulatedStore.joins(node));
            assertThat(simulated.await(node.stats()).state()).isIn(DhtState.ALONE, DhtState.JOINED);
        }
    }

    @Test
    void a_node_without_bootstrap_is_ready_at_once() {
        Dht node = network.start();
        await(node.ready());
        assertThat(await(node.stats()).state()).isEqualTo(DhtState.JOINED);
    }

    @Test
    void the_first_node_of_a_network_is_ready_though_alone_and_joined_when_the_second_comes() {
        Endpoint bootstrap = network.bootstrap().localAddress();
        Dht first = network.start(bootstrap);
        await(first.ready());
        assertThat(await(first.stats()).state()).isEqualTo(DhtState.ALONE);

        CompletionStage<DhtEvent> joined = event(
                first, event -> event instanceof DhtEvent.StateChanged change && change.state() == DhtState.JOINED);
        Dht second = network.start(bootstrap);

        await(second.ready());
        await(joined);
        assertThat(await(first.contacts()))
                .singleElement()
                .satisfies(known -> assertThat(known.contact().id()).isEqualTo(second.id()));
    }

    @Test
    void an_ephemeral_node_answers_and_is_never_listed() {
        Dht ephemeral = network.bootstrap();
        Dht node = network.start(ephemeral.localAddress());
        Dht other = network.start(ephemeral.localAddress());
        await(node.ready());
        await(other.ready());

        assertThat(await(node.ping(ephemeral.localAddress())).id()).isNull();
        assertThat(await(node.contacts()))
                .allSatisfy(known -> assertThat(known.contact().endpoint()).isNotEqualTo(ephemeral.localAddress()));
    }

    @Test
    void a_node_with_saved_contacts_joins_though_its_bootstrap_node_is_dead() throws IOException {
        Endpoint bootstrap = network.bootstrap().localAddress();
        Dht first = network.start(bootstrap);
        Dht second = network.start(bootstrap);
        CompletionStage<DhtEvent> met = event(first, DhtEvent.ContactAdded.class::isInstance);
        await(second.ready());
        if (await(first.contacts()).isEmpty()) {
            await(met);
        }
        try (DatagramChannel silent = silent()) {
            Endpoint dead = Endpoint.of((InetSocketAddress) silent.getLocalAddress());
            Dht returning = network.start(builder -> builder.bootstrap(dead)
                    .requestTimeout(Duration.ofSeconds(1))
                    .savedContacts(await(first.contacts()).stream()
                            .map(known -> known.contact())
                            .toList()));

            await(returning.ready());
            assertThat(await(returning.stats()).state()).isEqualTo(DhtState.JOINED);
        }
    }

    /** A socket that receives and never answers; later somebody may take it over. */
    private static DatagramChannel silent() throws IOException {
        return DatagramChannel.open().bind(new InetSocketAddress(Loopback.HOST, 0));
    }

    private static CompletionStage<DhtEvent> event(Dht node, Predicate<DhtEvent> wanted) {
        CompletableFuture<DhtEvent> seen = new CompletableFuture<>();
        node.onEvent(event -> {
            if (wanted.test(event)) {
                seen.complete(event);
            }
        });
        return seen;
    }

    /** The ids that anyone knows. */
    private static final class Roll {
        private final int expected;
        private final Set<Key> ids = new HashSet<>();
        private final CompletableFuture<Set<Key>> complete = new CompletableFuture<>();

        Roll(int expected) {
            this.expected = expected;
        }

        void ask(Dht node) {
            node.onEvent(event -> {
                if (event instanceof DhtEvent.ContactAdded added) {
                    add(added.contact().id());
                }
            });
            // Some may have been met before anybody listened.
            node.contacts()
                    .thenAccept(known ->
                            known.forEach(contact -> add(contact.contact().id())));
        }

        private synchronized void add(Key id) {
            if (ids.add(id) && ids.size() == expected) {
                complete.complete(Set.copyOf(ids));
            }
        }
    }
}
