package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.testkit.Crank;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each of these loops is broken in one way. They are simulated, so that what never comes is not waited for. */
class BrokenLoopTest {
    private static UnaryOperator<EventLoop> fault = sound -> sound;

    static Stream<Arguments> loops() {
        return Stream.of(
                broken("is sound", sound -> sound, ""),
                broken("runs the newest task first", NewestFirst::new, "E2"),
                broken("takes deadlines by the microsecond", Microseconds::new, "E2 E4"),
                broken("runs inline what comes from outside", Inline::new, "E3"),
                broken("fires a nanosecond early", Early::new, "E4 E7"),
                broken("takes the farthest deadline for a past one", Overflows::new, "E4"),
                broken("has a clock that goes back", GoesBack::new, "E4 E5"),
                broken("ends with the first task that throws", EndsWithThrow::new, "E6"),
                broken("does not cancel", NeverCancels::new, "E7"),
                broken("keeps what is cancelled until its time", KeepsCancelled::new, "E7"),
                broken("is never in the loop", NeverInLoop::new, "E8"),
                broken("throws after its end", ThrowsAfterEnd::new, "E9"),
                broken("lets tasks starve timers", TasksFirst::new, "E10"),
                broken("lets timers starve tasks", TimersFirst::new, "E10"));
    }

    private static Arguments broken(String how, UnaryOperator<EventLoop> fault, String rules) {
        return arguments(how, fault, rules);
    }

    @ParameterizedTest(name = "a loop that {0} fails {2}")
    @MethodSource("loops")
    void fails(String how, UnaryOperator<EventLoop> fault, String rules) {
        BrokenLoopTest.fault = fault;
        assertThat(Verdict.of(Simulated.class)).isEqualTo(rules);
    }

    @Broken
    static class Simulated extends EventLoopContract {
        private final SimulatedNetwork network =
                SimulatedNetwork.seeded(1).maxEvents(20_000).build();

        @Override
        protected EventLoop start() {
            return fault.apply(network.host().transport().loop());
        }

        @Override
        protected void close(EventLoop loop) {
            network.close();
            if (loop instanceof ThrowsAfterEnd broken) {
                broken.ended = true;
            }
        }

        @Override
        protected boolean simulated() {
            return true;
        }

        @Override
        protected void await(BooleanSupplier condition) {
            Crank.turn(network, condition);
        }
    }

    private static final class NewestFirst extends DecoratedLoop {
        private final Deque<Runnable> tasks = new ArrayDeque<>();

        NewestFirst(EventLoop real) {
            super(real);
        }

        @Override
        public void execute(Runnable task) {
            tasks.push(task);
            super.execute(() -> tasks.pop().run());
        }
    }

    private static final class Microseconds extends DecoratedLoop {
        Microseconds(EventLoop real) {
            super(real);
        }

        @Override
        public Timer schedule(long deadline, Runnable task) {
            return super.schedule((deadline + 999) / 1_000 * 1_000, task);
        }
    }

    private static final class Inline extends DecoratedLoop {
        private boolean inside;

        Inline(EventLoop real) {
            super(real);
        }

        @Override
        public Timer schedule(long deadline, Runnable task) {
            if (deadline == nanoTime() - 1 && !inside) {
                task.run();
                return () -> {};
            }
            return super.schedule(deadline, () -> {
                inside = true;
                task.run();
                inside = false;
            });
        }
    }

    private static final class Early extends DecoratedLoop {
        Early(EventLoop real) {
            super(real);
        }

        @Override
        public Timer schedule(long deadline, Runnable task) {
            return super.schedule(deadline - 1, task);
        }
    }

    private static final class Overflows extends DecoratedLoop {
        Overflows(EventLoop real) {
            super(real);
        }

        @Override
        public Timer schedule(long deadline, Runnable task) {
            return super.schedule(deadline - nanoTime() > Long.MAX_VALUE / 2 ? nanoTime() : deadline, task);
        }
    }

    private static final class GoesBack extends DecoratedLoop {
        private int readings;

        GoesBack(EventLoop real) {
            super(real);
        }

        @Override
        public long nanoTime() {
            readings++;
            return super.nanoTime() - (readings % 10 == 0 ? 1_000 : 0);
        }
    }

    private static final class EndsWithThrow extends DecoratedLoop {
        private boolean ended;

        EndsWithThrow(EventLoop real) {
            super(real);
        }

        @Override
        public void execute(Runnable task) {
            super.execute(() -> {
                if (!ended) {
                    ended = true;
                    task.run();
                    ended = false;
                }
            });
        }
    }

    private static final class NeverCancels extends DecoratedLoop {
        NeverCancels(EventLoop real) {
            super(real);
        }

        @Override
        public Timer schedule(long deadline, Runnable task) {
            super.schedule(deadline, task);
            return () -> {};
        }
    }

    private static final class KeepsCancelled extends DecoratedLoop {
        KeepsCancelled(EventLoop real) {
            super(real);
        }

        @Override
        public Timer schedule(long deadline, Runnable task) {
            boolean[] cancelled = new boolean[1];
            super.schedule(deadline, () -> {
                if (!cancelled[0]) {
                    task.run();
                }
            });
            return () -> cancelled[0] = true;
        }
    }

    private static final class NeverInLoop extends DecoratedLoop {
        NeverInLoop(EventLoop real) {
            super(real);
        }

        @Override
        public boolean inLoop() {
            return false;
        }
    }

    private static final class ThrowsAfterEnd extends DecoratedLoop {
        private boolean ended;

        ThrowsAfterEnd(EventLoop real) {
            super(real);
        }

        @Override
        public void execute(Runnable task) {
            if (ended) {
                throw new IllegalStateException("ended");
            }
            super.execute(task);
        }
    }

    private static final class TasksFirst extends DecoratedLoop {
        private final List<Runnable> late = new ArrayList<>();
        private int tasks;

        TasksFirst(EventLoop real) {
            super(real);
        }

        @Override
        public void execute(Runnable task) {
            tasks++;
            super.execute(() -> {
                tasks--;
                try {
                    task.run();
                } finally {
                    if (tasks == 0) {
                        late.forEach(real::execute);
                        late.clear();
                    }
                }
            });
        }

        @Override
        public Timer schedule(long deadline, Runnable task) {
            return super.schedule(deadline, () -> {
                if (tasks == 0) {
                    task.run();
                } else {
                    late.add(task);
                }
            });
        }
    }

    private static final class TimersFirst extends DecoratedLoop {
        private final List<Long> deadlines = new ArrayList<>();

        TimersFirst(EventLoop real) {
            super(real);
        }

        @Override
        public void execute(Runnable task) {
            super.execute(() -> {
                if (deadlines.stream().anyMatch(deadline -> deadline <= nanoTime())) {
                    execute(task);
                } else {
                    task.run();
                }
            });
        }

        @Override
        public Timer schedule(long deadline, Runnable task) {
            deadlines.add(deadline);
            Timer timer = super.schedule(deadline, () -> {
                deadlines.remove(deadline);
                task.run();
            });
            return () -> {
                deadlines.remove(deadline);
                timer.cancel();
            };
        }
    }
}
