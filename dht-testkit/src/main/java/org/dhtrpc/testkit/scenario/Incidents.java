package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.testkit.report.Moment;

/** Lets the faults of a scenario begin and end in their time. */
final class Incidents {
    private final World world;
    private final EventLoop loop;
    private final Laboratory laboratory;
    private final List<Active> active = new ArrayList<>();
    private final List<Moment> moments = new ArrayList<>();
    private boolean ended;

    Incidents(World world, Laboratory laboratory) {
        this.world = world;
        this.loop = world.network().loop();
        this.laboratory = laboratory;
    }

    /** A fault that has begun. */
    private final class Active {
        private final Incident incident;
        private final Duration from = world.elapsed();
        private final Runnable heal;

        Active(Incident incident, Runnable heal) {
            this.incident = incident;
            this.heal = heal;
        }

        void end() {
            if (active.remove(this)) {
                heal.run();
                moments.add(new Moment(from, world.elapsed(), incident.fault().toString()));
            }
        }
    }

    void begin(List<Incident> incidents) {
        for (int i = 0; i < incidents.size(); i++) {
            int number = alike(incidents, i);
            Incident incident = incidents.get(i);
            Trigger trigger = incident.trigger();
            if (trigger.at() != null) {
                loop.schedule(loop.nanoTime() + trigger.at().toNanos(), () -> happen(incident, number));
            } else {
                await(incident, number);
            }
        }
    }

    /** How many lines before this one are the same. */
    private static int alike(List<Incident> incidents, int index) {
        return (int) incidents.subList(0, index).stream()
                .filter(incidents.get(index)::equals)
                .count();
    }

    private void await(Incident incident, int number) {
        Trigger trigger = incident.trigger();
        if (trigger.count() == 0) {
            loop.execute(() -> happen(incident, number));
            return;
        }
        world.score().listen(counter -> {
            // Once, since it counts one by one; and not in the middle of what is being counted.
            if (counter == trigger.counter() && world.count(counter) == trigger.count()) {
                loop.execute(() -> happen(incident, number));
            }
        });
    }

    private void happen(Incident incident, int number) {
        if (ended) {
            return;
        }
        Fault fault = incident.fault();
        RandomGenerator random = world.network().random(incident.toString(), number);
        Active begun = new Active(incident, laboratory.act(fault.word()).begin(world, fault, random));
        active.add(begun);
        if (begun.heal == Acts.OVER) {
            begun.end();
        }
        if (!fault.lasting().isZero()) {
            loop.schedule(loop.nanoTime() + fault.lasting().toNanos(), begun::end);
        }
    }

    /** Heals all, in the opposite order, and lets none begin any more. */
    void end() {
        ended = true;
        for (int i = active.size() - 1; i >= 0; i--) {
            active.get(i).end();
        }
    }

    /** What has happened so far, what still lasts included. */
    List<Moment> moments() {
        List<Moment> all = new ArrayList<>(moments);
        for (Active begun : active) {
            all.add(new Moment(
                    begun.from, world.elapsed(), begun.incident.fault().toString()));
        }
        return all;
    }
}
