package org.dhtrpc.testkit.junit;

import java.time.Duration;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.AbstractAssert;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a network. The message of each failure ends with the network's seed, virtual time and trace hash.
 *
 * <p>To be used on the thread that may use the network.
 */
public final class SimulatedNetworkAssert extends AbstractAssert<SimulatedNetworkAssert, SimulatedNetwork> {
    SimulatedNetworkAssert(@Nullable SimulatedNetwork actual) {
        super(actual, SimulatedNetworkAssert.class);
    }

    /** That its trace hash so far is this one. */
    public SimulatedNetworkAssert hasTraceHash(long expected) {
        isNotNull();
        if (actual.traceHash() != expected) {
            throw broken("expected the trace hash " + hex(expected) + " but was " + hex(actual.traceHash()));
        }
        return this;
    }

    /** That it is at the same virtual time as another one, and has sent the same datagrams at the same times. */
    public SimulatedNetworkAssert hasSameTraceAs(SimulatedNetwork other) {
        isNotNull();
        if (actual.traceHash() != other.traceHash() || actual.nanoTime() != other.nanoTime()) {
            throw broken("expected the trace of (" + other + ")");
        }
        return this;
    }

    /** That so much virtual time has passed, to the nanosecond. */
    public SimulatedNetworkAssert hasRun(Duration expected) {
        isNotNull();
        if (!actual.elapsed().equals(expected)) {
            throw broken("expected to have run for " + expected + " but has for " + actual.elapsed());
        }
        return this;
    }

    /** That no more virtual time has passed than this. */
    public SimulatedNetworkAssert hasRunAtMost(Duration limit) {
        isNotNull();
        if (actual.elapsed().compareTo(limit) > 0) {
            throw broken("expected to have run for at most " + limit + " but has for " + actual.elapsed());
        }
        return this;
    }

    /**
     * That the condition holds now or within this much virtual time, which passes in the meantime:
     * {@link SimulatedNetwork#runUntil}. Say what it is with {@code as}.
     *
     * @throws org.dhtrpc.testkit.SimulationException if an event throws, or another thread calls
     * @throws IllegalArgumentException if the limit is negative
     */
    public SimulatedNetworkAssert runsUntil(BooleanSupplier condition, Duration limit) {
        isNotNull();
        if (!actual.runUntil(condition, limit)) {
            throw broken("expected the condition to hold within " + limit + ", but it never did");
        }
        return this;
    }

    private AssertionError broken(String what) {
        return failure("%s%n%s", what, actual);
    }

    private static String hex(long hash) {
        return HexFormat.of().toHexDigits(hash);
    }
}
