package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchException.Failure;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a transport ends: every call ends once, every socket is closed, and the budget has everything back. */
class PunchingTransportEndTest {
    private static final Endpoint PEER = Endpoint.parse("198.51.100.7:4000");
    private static final Endpoint REFERRER = Endpoint.parse("203.0.113.9:3282");

    private final PunchBudget budget = PunchBudget.simulated(200, 256, 2_048);
    private final ManualSocket socket = new ManualSocket("192.0.2.1:3282");
    private final PunchingTransport transport =
            PunchingTransport.over(socket, PunchOptions.simulated(new Random(1)).budget(budget));
    private final List<CompletableFuture<?>> calls = new ArrayList<>();

    private void opened() {
        transport.open((from, datagram) -> {});
        socket.loop.run();
    }

    private void callAll() {
        calls.add(transport.punch(PEER, REFERRER).toCompletableFuture());
        calls.add(transport.stun(REFERRER));
        calls.add(transport.profile());
        calls.add(transport.stats());
        calls.add(transport.lifetime(Duration.ofMinutes(1)));
    }

    private void allAreClosed() {
        assertThat(calls).allSatisfy(call -> {
            assertThat(call).isDone();
            Object outcome = call.handle((value, failure) ->
                            failure == null ? value : failure.getCause() == null ? failure : failure.getCause())
                    .join();
            if (outcome instanceof PunchException failure) {
                assertThat(failure.failure()).isIn(Failure.CLOSED, Failure.REFERRER_UNREACHABLE);
            } else {
                assertThat(outcome).isInstanceOf(PunchStats.class);
            }
        });
        assertThat(budget.sockets()).isZero();
        assertThat(socket.closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void calls_that_wait_end_when_it_is_closed(boolean onLoop) {
        opened();
        callAll();
        socket.loop.run();
        socket.loop.inLoop = onLoop;
        transport.close();
        allAreClosed();
    }

    @Test
    void calls_that_the_loop_never_came_to_end_when_it_is_closed() {
        opened();
        callAll();
        socket.loop.end();
        transport.close();
        allAreClosed();
    }

    @Test
    void a_call_after_the_loop_has_dropped_its_tasks_and_before_the_close_is_known_ends_with_it() {
        opened();
        socket.loop.end();
        callAll();
        transport.close();
        allAreClosed();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_transport_that_was_never_opened_takes_no_calls_and_fails_them_once_it_is_closed(boolean onLoop) {
        socket.loop.inLoop = onLoop;
        assertThatThrownBy(() -> transport.punch(PEER, REFERRER)).isInstanceOf(IllegalStateException.class);
        transport.close();
        callAll();
        allAreClosed();
    }

    @Test
    void whoever_is_told_of_a_failure_may_call_again_and_close_again() {
        opened();
        socket.loop.inLoop = true;
        transport.punch(PEER, REFERRER).whenComplete((result, failure) -> {
            transport.close();
            callAll();
        });
        transport.close();
        assertThat(calls).isNotEmpty();
        allAreClosed();
    }

    /** The STUN server's second socket is the one that anybody can have opened. */
    private CompletableFuture<Transport> askedForSibling() {
        opened();
        SiblingSockets sockets = new SiblingSockets(socket, (number, from, datagram) -> {}, Runnable::run, agent());
        this.sockets = sockets;
        sockets.open(7);
        return socket.siblings.get(socket.siblings.size() - 1);
    }

    private SiblingSockets sockets = new SiblingSockets(socket, (number, from, datagram) -> {}, Runnable::run, agent());

    private Agent agent() {
        return new Agent(PunchOptions.simulated(new Random(2)).budget(budget), new Random(2), PEER, List.of());
    }

    private void closesLate(Consumer<CompletableFuture<Transport>> between) {
        CompletableFuture<Transport> stage = askedForSibling();
        ManualSocket made = socket.another(50_000);
        between.accept(stage);
        stage.complete(made);
        sockets.close();
        socket.loop.run();
        assertThat(made.closed).isTrue();
    }

    @Test
    void a_sibling_that_is_made_after_the_end_is_closed() {
        closesLate(stage -> sockets.close());
    }

    @Test
    void a_sibling_that_is_made_after_nobody_wants_it_is_closed() {
        closesLate(stage -> sockets.close(7));
    }

    @Test
    void a_sibling_that_is_made_before_the_end_and_never_opened_is_closed() {
        closesLate(stage -> {});
    }

    @Test
    void a_sibling_that_the_ended_loop_never_hears_of_is_closed() {
        closesLate(stage -> socket.loop.end());
    }
}
