package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.dhtrpc.it.Loopback.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.Rejection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that is suspended says nothing, and joins again when it is resumed. */
class SuspendingTest {
    private static final Query QUERY = Query.of("echo", Key.ZERO);

    private final Loopback network = new Loopback();
    private final Dht bootstrap = network.bootstrap();
    private final Dht other = network.start(bootstrap.localAddress());
    private final Dht node = network.start(bootstrap.localAddress());

    SuspendingTest() {
        List.of(bootstrap, other, node).forEach(each -> await(each.ready()));
    }

    @AfterEach
    void close() {
        network.close();
    }

    private static void assertSuspended(CompletableFuture<?> work) {
        assertThatExceptionOfType(DhtException.class)
                .isThrownBy(() -> await(work))
                .extracting(DhtException::reason)
                .isEqualTo(Reason.SUSPENDED);
    }

    @Test
    void while_it_is_suspended_calls_fail_as_suspended_and_strangers_get_no_answer() {
        CompletableFuture<?> underWay = node.request(silent(), QUERY);
        CompletableFuture<Endpoint> refused = new CompletableFuture<>();
        node.onEvent(event -> {
            if (event instanceof DhtEvent.DatagramRejected dropped && dropped.reason() == Rejection.SUSPENDED) {
                refused.complete(dropped.from());
            }
        });
        await(node.suspend());
        assertSuspended(underWay);
        assertSuspended(node.ping(other.localAddress()));
        assertSuspended(node.query(QUERY).results());
        assertSuspended(node.closest(QUERY).results());
        assertThat(await(node.stats()).state()).isEqualTo(DhtState.SUSPENDED);
        CompletableFuture<?> unanswered = other.ping(node.localAddress());
        assertThat(await(refused)).isEqualTo(other.localAddress());
        unanswered.cancel(false);
    }

    private Endpoint silent() {
        try (Stranger stranger = new Stranger()) {
            return stranger.endpoint();
        }
    }

    @Test
    void resumed_it_joins_again_and_is_there_for_others() {
        await(node.suspend());
        CompletableFuture<?> ready = node.ready();
        assertThat(ready).isNotDone();
        await(node.resume());
        await(ready);
        assertThat(await(node.stats()).state()).isEqualTo(DhtState.JOINED);
        assertThat(await(other.ping(node.localAddress())).id()).isEqualTo(node.id());
        assertThat(await(node.ping(other.localAddress())).id()).isEqualTo(other.id());
    }

    @Test
    void it_comes_back_by_its_contacts_when_the_bootstrap_node_is_gone() {
        await(node.suspend());
        bootstrap.close();
        await(node.resume());
        await(node.ready());
        assertThat(await(node.stats()).state()).isEqualTo(DhtState.JOINED);
    }

    @Test
    void a_suspended_node_can_be_closed() {
        await(node.suspend());
        CompletableFuture<?> ready = node.ready();
        node.close();
        assertThatExceptionOfType(DhtException.class)
                .isThrownBy(() -> await(ready))
                .extracting(DhtException::reason)
                .isEqualTo(Reason.CLOSED);
    }
}
