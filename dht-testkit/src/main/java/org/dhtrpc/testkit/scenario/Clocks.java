package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;

/** How fast the clocks of the hosts run: as the scenario says, or as the last of the faults does. */
final class Clocks {
    private final SimulatedNetwork network;
    private final double usual;
    private final List<Drift> drifts = new ArrayList<>();

    /** @param usual up to so many parts per million faster or slower */
    Clocks(SimulatedNetwork network, double usual) {
        this.network = network;
        this.usual = usual;
    }

    /** A fault; the lots say who is how far off. */
    private record Drift(double partsPerMillion, Lots lots) {}

    /** Sets the clock of somebody who is about to start. */
    void set(Resident resident) {
        double rate = rate(resident);
        // A clock that was never set costs nothing.
        if (rate != resident.drift) {
            resident.drift = rate;
            resident.host().drift(rate);
        }
    }

    private double rate(Resident resident) {
        if (!drifts.isEmpty()) {
            Drift last = drifts.get(drifts.size() - 1);
            return last.partsPerMillion * (2 * last.lots.of(resident) - 1);
        }
        SimulatedHost host = resident.host();
        return usual == 0
                ? 0
                : usual * (2 * network.random("drift", host.number()).nextDouble() - 1);
    }

    /** Has the clocks of all who live, and of those to come, run otherwise; the result takes that back. */
    Runnable add(double partsPerMillion, Lots lots, List<Resident> living) {
        Drift drift = new Drift(partsPerMillion, lots);
        drifts.add(drift);
        living.forEach(this::set);
        return () -> {
            drifts.remove(drift);
            living.forEach(this::set);
        };
    }
}
