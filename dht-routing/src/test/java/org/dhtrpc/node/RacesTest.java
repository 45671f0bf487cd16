package org.dhtrpc.node;

import static org.dhtrpc.node.Races.check;
import static org.dhtrpc.node.Races.explore;
import static org.dhtrpc.node.Races.together;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.routing.Effect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where threads meet. */
@Tag("races")
class RacesTest {
    @SuppressWarnings("StaticAssignmentOfThrowable") // one for all interleavings, whose trace nobody reads
    private static final DhtException CLOSED = new DhtException(Reason.CLOSED, "closed");

    @Test
    void who_comes_while_the_node_ends_is_ended_once() {
        explore(() -> {
            Callers callers = new Callers("operations", 9);
            AtomicInteger ended = new AtomicInteger();
            together(() -> callers.admit(failure -> ended.incrementAndGet()), () -> callers.end(CLOSED));
            check(ended.get() == 1, "ended once, not " + ended + " times");
        });
    }

    @Test
    void of_two_who_come_for_the_last_place_one_gets_it() {
        explore(() -> {
            Callers callers = new Callers("operations", 1);
            AtomicInteger refused = new AtomicInteger();
            Runnable caller = () -> callers.admit(failure -> refused.incrementAndGet());
            together(caller, caller);
            check(refused.get() == 1, "one is refused, not " + refused);
        });
    }

    @Test
    void signals_of_two_threads_are_told_one_at_a_time_and_all_of_them() {
        explore(() -> {
            Signals signals = new Signals(thrown -> {
                throw new AssertionError(thrown);
            });
            AtomicBoolean telling = new AtomicBoolean();
            AtomicInteger told = new AtomicInteger();
            Runnable tell = () -> signals.tell(() -> {
                check(telling.compareAndSet(false, true), "one at a time");
                told.incrementAndGet();
                telling.set(false);
            });
            together(tell, tell);
            check(told.get() == 2, "both are told, not " + told);
        });
    }

    @Test
    void what_was_handed_over_runs_in_order_once_and_before_a_datagram_that_comes_later() {
        explore(() -> {
            RaceLoop loop = new RaceLoop();
            Mailbox mailbox = new Mailbox(loop);
            List<Integer> ran = new ArrayList<>();
            AtomicInteger handedOver = new AtomicInteger();
            together(
                    () -> {
                        mailbox.add(() -> ran.add(1));
                        handedOver.incrementAndGet();
                        mailbox.add(() -> ran.add(2));
                        handedOver.incrementAndGet();
                    },
                    () -> {
                        int before = handedOver.get();
                        mailbox.takeAll();
                        check(ran.size() >= before, "a datagram waits for what was handed over before it");
                        loop.turn();
                    });
            loop.turn();
            check(ran.equals(List.of(1, 2)), "both in order, not " + ran);
        });
    }

    @Test
    void a_future_that_is_cancelled_while_it_completes_tells_of_it_only_if_it_was() {
        explore(() -> {
            AtomicInteger told = new AtomicInteger();
            LoopFuture<Integer> future = new LoopFuture<Integer>(new RaceLoop()).whenCancelled(told::incrementAndGet);
            together(() -> future.cancel(true), () -> future.complete(1));
            check(told.get() == (future.isCancelled() ? 1 : 0), "told " + told + " times of " + future);
        });
    }

    @Test
    void whoever_asks_while_the_node_joins_is_told() {
        explore(() -> {
            RaceLoop loop = new RaceLoop();
            Mailbox mailbox = new Mailbox(loop);
            Bootstrap bootstrap = bootstrap(loop, mailbox);
            LoopFuture<@Nullable Void> ready = new LoopFuture<>(loop);
            loop.execute(() -> bootstrap.joined(new Effect.Joined(DhtState.JOINED, List.of())));
            together(() -> bootstrap.tell(ready), loop::turn);
            loop.turn();
            check(ready.isDone(), "the node has joined, and the future knows");
        });
    }

    @SuppressWarnings("NullAway") // no name is looked up
    private static Bootstrap bootstrap(RaceLoop loop, Mailbox mailbox) {
        return new Bootstrap(List.of(), null, java.time.Duration.ZERO, loop, input -> {
            if (loop.inLoop()) {
                input.run();
            } else {
                mailbox.add(input);
            }
        });
    }
}
