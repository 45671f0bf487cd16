package org.dhtrpc.testkit;

import java.time.Duration;

/** Says what a {@link SimulatedNetwork} is like, before it has hosts. */
public final class SimulatedNetworkBuilder {
    /** Far above what an honest start of many nodes at one instant needs, and yet an endless loop soon gets there. */
    private static final int EVENTS_PER_INSTANT = 10_000_000;

    private final long seed;
    private Link link = Link.of(Latency.uniform(Duration.ofMillis(10), Duration.ofMillis(50)));
    private AddressPlan plan = AddressPlan.PRIVATE;
    private boolean byReference;
    private WarmStart warmStart = WarmStart.EXACT;
    private long maxEvents = Long.MAX_VALUE;
    private long maxVirtualTime = Long.MAX_VALUE;

    SimulatedNetworkBuilder(long seed) {
        this.seed = seed;
    }

    /** What lies between any two hosts. If this is not called, a {@link #latency} of 10 to 50 ms and no mishaps. */
    public SimulatedNetworkBuilder link(Link link) {
        this.link = link;
        return this;
    }

    /**
     * How long a datagram takes one way: anything from {@code min} to {@code max} with equal probability, drawn for
     * each datagram, so that they can overtake each other. Short for a {@link #link} with this latency.
     *
     * @throws IllegalArgumentException unless 0 ≤ min ≤ max ≤ 1 minute
     */
    public SimulatedNetworkBuilder latency(Duration min, Duration max) {
        return link(link.withLatency(Latency.uniform(min, max)));
    }

    /** How long a datagram takes one way. Short for a {@link #link} with this latency. */
    public SimulatedNetworkBuilder latency(Latency latency) {
        return link(link.withLatency(latency));
    }

    /**
     * How likely each datagram is to be lost, whatever becomes of the others. Short for a {@link #link} with this loss.
     *
     * @throws IllegalArgumentException unless it is from 0 to 1
     */
    public SimulatedNetworkBuilder loss(double probability) {
        return link(link.withLoss(probability));
    }

    /**
     * Messages travel as they are instead of encoded: faster, with the same trace, but blind to defects of the codec.
     * Sizes are still the real codec's.
     */
    public SimulatedNetworkBuilder byReference() {
        byReference = true;
        return this;
    }

    /**
     * Gives hosts and NATs public addresses all over the world, from 11.0.0.0 to 99.255.255.255, the first five million each
     * in a /24 of its own, instead of those from 10.0.0.1 on: a node takes these for its own private network, and makes
     * exceptions there from its limits for subnets and its rates.
     */
    public SimulatedNetworkBuilder publicAddresses() {
        plan = AddressPlan.PUBLIC;
        return this;
    }

    /** How {@link SimulatedHost#contacts} fills tables. {@link WarmStart#EXACT} if this is not called. */
    public SimulatedNetworkBuilder warmStart(WarmStart warm) {
        warmStart = warm;
        return this;
    }

    /**
     * Ends a run with a {@link SimulationException} when more events than this are due, of all runs together: a guard
     * against scenarios that never come to an end. No limit if this is not called.
     *
     * @throws IllegalArgumentException unless it is 1 or more
     */
    public SimulatedNetworkBuilder maxEvents(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("A limit of events is 1 or more, not " + limit);
        }
        maxEvents = limit;
        return this;
    }

    /**
     * Ends a run with a {@link SimulationException} when the next event is due later than this after the beginning. No
     * limit if this is not called.
     *
     * @throws IllegalArgumentException unless it is more than 0 and less than 292 years
     */
    public SimulatedNetworkBuilder maxVirtualTime(Duration limit) {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(
                    "A limit of virtual time is more than 0 and less than 292 years, not " + limit);
        }
        maxVirtualTime = limit.toNanos();
        return this;
    }

    /** The network, at time 0 and without hosts. */
    public SimulatedNetwork build() {
        Kernel kernel = new Kernel(seed, EVENTS_PER_INSTANT);
        kernel.limit(maxEvents, maxVirtualTime);
        Fidelity fidelity = byReference
                ? new ByReference(new Tickets(kernel.label("tickets").value()))
                : new RealBytes();
        return new SimulatedNetwork(kernel, new Medium(kernel, plan, fidelity, link, warmStart));
    }
}
