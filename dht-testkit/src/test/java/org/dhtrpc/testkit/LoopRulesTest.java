package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.testkit.contract.EventLoopContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoopRulesTest extends EventLoopContract {
    private final SimulatedNetwork network = SimulatedNetwork.seeded(3).build();
    private final EventLoop loop = network.host().transport().loop();
    private final List<String> ran = new ArrayList<>();

    @Override
    protected EventLoop start() {
        return network.host().transport().loop();
    }

    @Override
    protected void close(EventLoop loop) {
        network.close();
    }

    @Override
    protected boolean simulated() {
        return true;
    }

    @Override
    protected void await(BooleanSupplier condition) {
        Crank.turn(network, condition);
    }

    private void run() {
        network.run(Duration.ofSeconds(1));
    }

    @Test
    void e2_tasksAndTimersOfOneTimeRunInTheOrderOfTheirCalls() {
        loop.execute(() -> ran.add("a"));
        loop.schedule(loop.nanoTime(), () -> ran.add("b"));
        loop.execute(() -> ran.add("c"));
        run();
        assertThat(ran).containsExactly("a", "b", "c");
    }

    @Test
    void e4_aTimerFiresAtItsTimeAndNotBefore() {
        long deadline = loop.nanoTime() + 1_000_003;
        List<Long> times = new ArrayList<>();
        loop.schedule(deadline, () -> times.add(loop.nanoTime()));
        run();
        assertThat(times).containsExactly(deadline);
    }

    @Test
    void e6_aTaskThatThrowsHarmsNoOther() {
        loop.execute(() -> {
            throw new AssertionError("on purpose");
        });
        loop.execute(() -> ran.add("after"));
        assertThatThrownBy(this::run).isInstanceOf(SimulationException.class).hasRootCauseMessage("on purpose");
        run();
        assertThat(ran).containsExactly("after");
    }

    @Test
    void e8_whoeverHasTheSimulationToItselfIsInTheLoop() {
        List<Boolean> inside = new ArrayList<>();
        loop.execute(() -> inside.add(loop.inLoop()));
        run();
        assertThat(inside).containsExactly(true);
        assertThat(loop.inLoop()).isTrue();
    }

    @Test
    void anotherThreadMayCallBetweenRuns() throws InterruptedException {
        assertThat(onAnotherThread(() -> loop.execute(() -> ran.add("foreign"))))
                .isNull();
        run();
        assertThat(ran).containsExactly("foreign");
    }

    @Test
    void anotherThreadIsRefusedDuringARun() {
        loop.execute(() -> {
            EventLoop.Timer timer = loop.schedule(loop.nanoTime() + 1, () -> ran.add("own"));
            List<Runnable> calls = List.of(
                    () -> loop.execute(() -> {}),
                    () -> loop.schedule(0, () -> {}),
                    timer::cancel,
                    network::host,
                    this::run);
            for (Runnable call : calls) {
                assertThat(onAnotherThread(call))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("'foreign'")
                        .hasMessageContaining("not be a function of the seed");
            }
            assertThat(onAnotherThread(() -> ran.add("in loop: " + loop.inLoop())))
                    .isNull();
        });
        assertThatThrownBy(this::run).isInstanceOf(SimulationException.class);
        run();
        assertThat(ran).containsExactly("in loop: false", "own");
    }

    @Test
    void aRefusedCallEndsTheRunThoughItsCallerSwallowsTheException() {
        loop.execute(() -> onAnotherThread(() -> loop.execute(() -> ran.add("never"))));
        loop.execute(() -> ran.add("after"));
        assertThatThrownBy(this::run)
                .isInstanceOf(SimulationException.class)
                .hasMessageContaining("Thread 'foreign' interferes")
                .hasMessageContaining("[seed 3, virtual time PT0S, trace ")
                .cause()
                .satisfies(refusal -> assertThat(refusal.getStackTrace())
                        .as("that of the caller")
                        .anyMatch(frame -> frame.getMethodName().equals("execute")));
        assertThat(ran).isEmpty();
        run();
        assertThat(ran).containsExactly("after");
    }

    @Test
    void aRefusedCallIsToldOfEvenIfWhatTheRunWaitsForHasHappened() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        loop.execute(() -> {
            onAnotherThread(() -> loop.execute(() -> {}));
            answer.complete("too early");
        });
        assertThatThrownBy(() -> network.await(answer)).isInstanceOf(SimulationException.class);
        assertThat(network.await(answer)).isEqualTo("too early");
    }

    private static @Nullable Throwable onAnotherThread(Runnable call) {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        call.run();
                    } catch (RuntimeException e) {
                        thrown.set(e);
                    }
                },
                "foreign");
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return thrown.get();
    }
}
