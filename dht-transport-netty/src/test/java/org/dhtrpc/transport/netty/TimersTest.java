package org.dhtrpc.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The heap beside a sorted list. */
class TimersTest {
    private final NettyLoop loop = NettyLoop.start("timers", NettyIo.NIO.sockets());

    @AfterEach
    void end() {
        loop.close();
    }

    private record Expected(long deadline, int order, Timers.Due due) {}

    @Test
    void whatever_is_added_and_cancelled_the_rest_fires_in_order() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        // A timer is cancelled on the loop here, which takes it out at once.
        loop.execute(() -> {
            try {
                for (int seed = 0; seed < 200; seed++) {
                    compare(new Random(seed));
                }
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        done.get(20, TimeUnit.SECONDS);
    }

    private void compare(Random random) {
        Timers timers = new Timers(loop);
        List<Expected> expected = new ArrayList<>();
        List<Integer> fired = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int number = i;
            Timers.Due due = timers.timer(random.nextInt(20), () -> fired.add(number));
            timers.add(due);
            expected.add(new Expected(due.deadline(), number, due));
            if (random.nextInt(3) == 0) {
                expected.remove(random.nextInt(expected.size())).due().cancel();
            }
        }
        expected.sort(Comparator.comparingLong(Expected::deadline).thenComparingInt(Expected::order));
        assertThat(timers.next())
                .isEqualTo(expected.isEmpty() ? Long.MAX_VALUE : expected.get(0).deadline());
        for (Runnable task = timers.poll(10); task != null; task = timers.poll(10)) {
            task.run();
        }
        for (Runnable task = timers.poll(20); task != null; task = timers.poll(20)) {
            task.run();
        }
        assertThat(fired).isEqualTo(expected.stream().map(Expected::order).toList());
        assertThat(timers.next()).isEqualTo(Long.MAX_VALUE);
    }
}
