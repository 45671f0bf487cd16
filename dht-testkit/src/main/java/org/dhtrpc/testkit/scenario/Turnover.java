package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;

/** Newcomers, and those who leave and come back. */
final class Turnover {
    private final SimulatedNetwork network;
    private final EventLoop loop;
    private final Residents residents;
    private final Score score;
    private final @Nullable Churn churn;
    private final RandomGenerator arrivals;
    private boolean ended;

    Turnover(SimulatedNetwork network, Residents residents, Score score, @Nullable Churn churn) {
        this.network = network;
        this.loop = network.loop();
        this.residents = residents;
        this.score = score;
        this.churn = churn;
        this.arrivals = network.random("arrivals", 0);
    }

    /** Says of those who are there how long they stay, and when others come. */
    void begin() {
        if (churn == null) {
            return;
        }
        for (Resident resident : residents.living()) {
            stay(resident, churn.sessions().rest(chance(resident)));
        }
        if (churn.arrivals() > 0) {
            nextArrival(churn);
        }
    }

    /** From now on nobody comes or goes. */
    void end() {
        ended = true;
    }

    private void nextArrival(Churn rates) {
        after(rates.nextArrival(arrivals), () -> {
            arrive();
            nextArrival(rates);
        });
    }

    /** A newcomer. */
    void arrive() {
        enter(residents.settle());
    }

    /** Starts again where it was. */
    void comeBack(Resident resident) {
        if (resident.alive()) {
            return;
        }
        // It may stand still in the middle of leaving.
        resident.host().crash();
        if (resident.stranger) {
            resident.host().renew();
        }
        enter(resident);
    }

    private void enter(Resident resident) {
        residents.introduce(resident, network.random("introduction", number(resident)));
        residents.start(resident);
        score.count(Counter.ARRIVALS);
        if (churn != null) {
            stay(resident, churn.sessions().draw(chance(resident)));
        }
    }

    private RandomGenerator chance(Resident resident) {
        return network.random("session", number(resident));
    }

    private static long number(Resident resident) {
        return (long) resident.life << 32 | resident.host().number();
    }

    private void stay(Resident resident, Duration time) {
        int life = resident.life;
        after(time, () -> {
            if (resident.alive() && resident.life == life) {
                go(resident);
            }
        });
    }

    private void go(Resident resident) {
        if (churn == null) {
            return;
        }
        RandomGenerator chance = network.random("departure", number(resident));
        boolean crashes = chance.nextDouble() < churn.crashing();
        boolean returns = chance.nextDouble() < churn.returning();
        boolean remembering = returns && churn.keepingState();
        if (crashes) {
            residents.crash(resident, remembering);
        } else {
            residents.leave(resident, remembering);
        }
        if (returns) {
            after(churn.absence().draw(chance), () -> comeBack(resident));
        }
    }

    private void after(Duration time, Runnable task) {
        loop.schedule(loop.nanoTime() + time.toNanos(), () -> {
            if (!ended) {
                task.run();
            }
        });
    }
}
