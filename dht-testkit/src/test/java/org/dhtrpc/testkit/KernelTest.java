package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.dhtrpc.spi.EventLoop;
import org.junit.jupiter.api.Test;

class KernelTest {
    private static final long END = Long.MAX_VALUE;

    private final Kernel kernel = new Kernel(7, 1_000);
    private final List<Integer> ran = new ArrayList<>();

    private record Planned(long time, int number) {}

    private void runAll() {
        kernel.run(() -> false, END);
    }

    @Test
    void runsInTheOrderOfASortedListWhateverIsCancelled() {
        RandomStream random = new RandomStream(1);
        for (int round = 0; round < 50; round++) {
            Kernel kernel = new Kernel(round, 1_000);
            List<Integer> ran = new ArrayList<>();
            List<Planned> plan = new ArrayList<>();
            List<EventLoop.Timer> timers = new ArrayList<>();
            int number = 0;
            for (int step = 0; step < 300; step++) {
                if (!plan.isEmpty() && random.nextInt(3) == 0) {
                    int victim = random.nextInt(plan.size());
                    plan.remove(victim);
                    timers.remove(victim).cancel();
                }
                Planned planned = new Planned(random.nextLong(40), number++);
                plan.add(planned);
                timers.add(kernel.schedule(planned.time, () -> ran.add(planned.number)));
            }
            kernel.run(() -> false, END);
            assertThat(ran)
                    .as("round %d", round)
                    .isEqualTo(plan.stream()
                            .sorted(Comparator.comparingLong(Planned::time).thenComparingInt(Planned::number))
                            .map(Planned::number)
                            .toList());
        }
    }

    @Test
    void whatIsHandedOverDuringAnEventQueuesBehindItsTime() {
        kernel.execute(() -> {
            kernel.execute(() -> ran.add(2));
            kernel.schedule(0, () -> ran.add(3));
            kernel.schedule(-5, () -> ran.add(4));
        });
        kernel.execute(() -> ran.add(1));
        runAll();
        assertThat(ran).containsExactly(1, 2, 3, 4);
        assertThat(kernel.nanoTime()).isZero();
    }

    @Test
    void what_is_posted_runs_at_its_time_among_the_timers() {
        kernel.advance(5);
        kernel.post(7, () -> ran.add(2));
        kernel.schedule(7, () -> ran.add(3));
        kernel.post(4, () -> {
            ran.add(1);
            assertThat(kernel.nanoTime()).isEqualTo(5);
        });
        kernel.post(END, () -> ran.add(4));
        runAll();
        assertThat(ran).containsExactly(1, 2, 3, 4);
        assertThat(kernel.nanoTime()).isEqualTo(END);
    }

    @Test
    void stopsBeforeTheFirstEventBeyondTheEnd() {
        kernel.schedule(10, () -> ran.add(10));
        kernel.schedule(11, () -> ran.add(11));
        assertThat(kernel.run(() -> false, 10)).isFalse();
        assertThat(ran).containsExactly(10);
        assertThat(kernel.nanoTime()).isEqualTo(10);
        assertThat(kernel.idle()).isFalse();
    }

    @Test
    void stopsAsSoonAsTheConditionHolds() {
        kernel.schedule(10, () -> ran.add(10));
        kernel.schedule(10, () -> ran.add(11));
        assertThat(kernel.run(() -> ran.size() == 1, END)).isTrue();
        assertThat(ran).containsExactly(10);
    }

    @Test
    void cancelledEventsDoNotPileUp() {
        kernel.schedule(END, () -> ran.add(1));
        for (int i = 0; i < 100_000; i++) {
            kernel.schedule(END, () -> ran.add(2)).cancel();
            assertThat(kernel.held()).isLessThan(100);
        }
        runAll();
        assertThat(ran).containsExactly(1);
    }

    @Test
    void cancellingTwiceOrTooLateCountsForNothing() {
        List<EventLoop.Timer> timers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            timers.add(kernel.schedule(i, () -> ran.add(number)));
        }
        kernel.run(() -> false, 99);
        for (int i = 0; i < 3; i++) {
            timers.subList(0, 150).forEach(EventLoop.Timer::cancel);
        }
        runAll();
        assertThat(ran).hasSize(150).doesNotContain(100, 149).contains(99, 150);
        assertThat(kernel.idle()).isTrue();
        assertThat(kernel.held()).isZero();
    }

    @Test
    void anEndlessLoopWithoutTimeIsALivelock() {
        kernel.schedule(5, new Runnable() {
            @Override
            public void run() {
                kernel.execute(this);
            }
        });
        assertThatThrownBy(this::runAll)
                .isInstanceOf(SimulationException.class)
                .hasMessageContaining("Livelock: more than 1000 events")
                .hasMessageContaining("seed 7, virtual time PT0.000000005S");
    }

    @Test
    void manyEventsAreNoLivelockWhileTheClockMoves() {
        for (int i = 0; i < 5_000; i++) {
            kernel.schedule(i / 1_000, () -> ran.add(0));
        }
        runAll();
        assertThat(ran).hasSize(5_000);
    }

    @Test
    void anEventThatThrowsEndsTheRunAndTheNextRunContinues() {
        IllegalArgumentException defect = new IllegalArgumentException("broken");
        kernel.schedule(5, () -> {
            throw defect;
        });
        kernel.schedule(5, () -> ran.add(1));
        assertThatThrownBy(this::runAll)
                .isInstanceOf(SimulationException.class)
                .hasCause(defect)
                .hasMessageContaining("broken")
                .hasMessageContaining("seed 7, virtual time PT0.000000005S, trace ");
        assertThat(ran).isEmpty();
        runAll();
        assertThat(ran).containsExactly(1);
    }

    @Test
    void an_event_whose_failure_has_no_words_ends_the_run_all_the_same() {
        RuntimeException speechless = new RuntimeException() {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
                throw new UnsupportedOperationException("no words");
            }
        };
        kernel.execute(() -> {
            throw speechless;
        });

        assertThatExceptionOfType(SimulationException.class)
                .isThrownBy(this::runAll)
                .withMessageStartingWith(
                        "An event failed: " + speechless.getClass().getName() + " [seed ")
                .satisfies(failure -> assertThat(failure.getCause()).isSameAs(speechless));
    }

    @Test
    void anEventCannotTurnTheCrank() {
        kernel.execute(this::runAll);
        assertThatThrownBy(this::runAll).cause().hasMessageContaining("cannot turn the crank");
    }

    @Test
    void aSpanBeyondTheEndOfTimeEndsThere() {
        kernel.advance(10);
        assertThat(kernel.after(END)).isEqualTo(END);
        assertThat(kernel.after(5)).isEqualTo(15);
    }

    @Test
    void afterItsEndTheKernelForgets() {
        EventLoop.Timer earlier = kernel.schedule(3, () -> ran.add(1));
        kernel.execute(() -> ran.add(1));
        kernel.end();
        kernel.execute(() -> ran.add(2));
        kernel.schedule(3, () -> ran.add(3)).cancel();
        earlier.cancel();
        runAll();
        assertThat(ran).isEmpty();
        assertThat(kernel.idle()).isTrue();
        assertThat(kernel.held()).isZero();
    }

    @Test
    void what_is_cancelled_is_nothing_left_to_happen() {
        EventLoop.Timer timer = kernel.schedule(3, () -> ran.add(1));
        assertThat(kernel.idle()).isFalse();
        timer.cancel();
        assertThat(kernel.idle()).isTrue();
        assertThat(kernel.held()).isEqualTo(1);
    }
}
