package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.IncomingQuery;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.QueryHandler;
import org.dhtrpc.QueryStream;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreTest {
    private static final Endpoint SOMEBODY = Endpoint.parse("10.0.0.2:3282");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(1).build();
    private final Map<String, QueryHandler> handlers = new HashMap<>();

    /** What was stored again, and when. */
    private final List<String> again = new ArrayList<>();

    private final Dht node = Dht.class.cast(Proxy.newProxyInstance(
            Dht.class.getClassLoader(), new Class<?>[] {Dht.class}, (self, method, args) -> switch (method.getName()) {
                case "onClosest", "onQuery" -> handlers.put((String) args[0], (QueryHandler) args[1]);
                case "closest" -> stream((Query) args[0]);
                default -> throw new UnsupportedOperationException(method.getName());
            }));

    private QueryStream stream(Query query) {
        again.add(text(query.value()));
        return QueryStream.class.cast(Proxy.newProxyInstance(
                Dht.class.getClassLoader(),
                new Class<?>[] {QueryStream.class},
                (self, method, args) -> CompletableFuture.completedFuture(List.of())));
    }

    private static String text(@Nullable Bytes value) {
        return value == null ? "nothing" : value.utf8();
    }

    @AfterEach
    void close() {
        network.close();
    }

    private Store store(Duration republish) {
        Store store = new Store(republish, network.random("store", 1));
        store.serve(node, network.loop());
        return store;
    }

    private @Nullable Bytes ask(String command, @Nullable Bytes value, Key target) throws Exception {
        QueryHandler handler = Objects.requireNonNull(handlers.get(command));
        return handler.handle(new IncomingQuery(command, target, value, SOMEBODY, null, Phase.COMMIT));
    }

    private void keep(String value) throws Exception {
        Bytes bytes = Bytes.utf8(value);
        assertThat(ask(Store.STORE, bytes, Key.hashOf(bytes))).isNull();
    }

    private @Nullable Bytes find(String value) throws Exception {
        return ask(Store.LOOKUP, null, Key.hashOf(Bytes.utf8(value)));
    }

    @Test
    void what_is_kept_is_handed_out_under_its_hash() throws Exception {
        Store store = store(Duration.ZERO);
        keep("tea");
        assertThat(find("tea")).isEqualTo(Bytes.utf8("tea"));
        assertThat(find("coffee")).isNull();
        assertThat(ask(Store.STORE, null, Key.hashOf(Bytes.utf8("coffee")))).isNull();
        store.clear();
        assertThat(find("tea")).isNull();
        assertThat(store.holds(Key.hashOf(Bytes.utf8("tea")))).isFalse();
    }

    @Test
    void the_first_give_way_where_there_are_too_many() throws Exception {
        store(Duration.ZERO);
        for (int i = 0; i < 4_096; i++) {
            keep("value " + i);
        }
        keep("value 0");
        assertThat(find("value 0")).isNotNull();

        keep("one more");
        assertThat(find("value 0")).isNull();
        for (int i = 1; i < 4_096; i++) {
            assertThat(find("value " + i)).isNotNull();
        }
        assertThat(find("one more")).isNotNull();
    }

    @Test
    void values_are_stored_again_once_in_a_while() throws Exception {
        store(MINUTE);
        keep("tea");
        network.run(Duration.ofSeconds(59));
        assertThat(again).isEmpty();
        network.run(Duration.ofSeconds(31));
        assertThat(again).containsExactly("tea");
        network.run(Duration.ofMinutes(60));
        assertThat(again).hasSizeBetween(40, 62);
    }

    @Test
    void but_not_if_somebody_else_has_done_so() throws Exception {
        store(MINUTE);
        keep("tea");
        for (int i = 0; i < 20; i++) {
            network.run(Duration.ofSeconds(50));
            keep("tea");
        }
        assertThat(again).isEmpty();
    }

    @Test
    void nobody_looks_after_what_is_not_held_any_more() throws Exception {
        Store store = store(MINUTE);
        for (int i = 0; i < 50; i++) {
            keep("tea");
            store.clear();
        }
        keep("tea");
        long before = network.events();
        network.run(Duration.ofSeconds(59));
        assertThat(again).isEmpty();
        network.run(Duration.ofSeconds(121));
        assertThat(network.events() - before).isBetween(52L, 54L);
        assertThat(again).hasSizeBetween(1, 3);
    }

    @Test
    void a_node_that_starts_again_goes_on_with_what_is_there_and_one_that_is_gone_does_nothing() throws Exception {
        Store store = store(MINUTE);
        keep("tea");
        store.rest();
        network.run(Duration.ofMinutes(10));
        assertThat(again).isEmpty();

        handlers.clear();
        store.serve(node, network.loop());
        assertThat(find("tea")).isEqualTo(Bytes.utf8("tea"));
        network.run(Duration.ofSeconds(90));
        assertThat(again).containsExactly("tea");
    }
}
