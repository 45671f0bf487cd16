package org.dhtrpc.testkit;

import org.dhtrpc.Endpoint;

/** What is drawn for each datagram: every mishap from a stream of its own, so that none shifts another. */
final class Luck {
    private static final int BURST = 1;
    private static final int DUPLICATE = 2;
    private static final int REORDER = 3;
    private static final int CORRUPT = 4;

    private final long linkSeed;
    private final long world;

    /** One for all draws: it starts anew for each purpose of each datagram. */
    private final RandomStream random = new RandomStream(0);

    Luck(Kernel kernel) {
        linkSeed = kernel.label("link").value();
        world = kernel.label("world").value();
    }

    /** What all draws for the next datagram of a host begin with. */
    long label(SimulatedHost host, Endpoint from, Endpoint to) {
        long label = Hash64.fold(Hash64.fold(Hash64.fold(linkSeed, from), to), host.nextDatagram());
        // Others may have the same private address.
        return host.nat() == null ? label : Hash64.fold(label, host.number());
    }

    /** Whether a link loses it; {@code now} is when it was sent. */
    boolean lost(Link link, SimulatedHost sender, long now, long label) {
        boolean lost = random.restart(label).nextDouble() < link.loss();
        Link.Bursts bursts = link.bursts();
        if (bursts != null) {
            boolean bad = sender.line().bad(bursts, now, start(label, BURST).nextDouble());
            lost |= bad && random.nextDouble() < bursts.loss();
        }
        return lost;
    }

    long delay(Link link, int sender, int receiver, long label) {
        random.restart(label).nextLong();
        long delay = link.latency().nanos(world, sender, receiver, random);
        boolean late = link.reordering() > 0 && start(label, REORDER).nextDouble() < link.reordering();
        return late ? delay + random.nextLong(link.extraNanos() + 1) : delay;
    }

    /** What seeds the choice of the bits that are flipped; 0 if none are. */
    long corruption(Link link, long label) {
        boolean hit = link.corruption() > 0 && start(label, CORRUPT).nextDouble() < link.corruption();
        return hit ? random.nextLong() | 1 : 0;
    }

    boolean duplicated(Link link, long label) {
        return link.duplication() > 0 && start(label, DUPLICATE).nextDouble() < link.duplication();
    }

    /** How long the second of a pair takes; asked directly after {@link #duplicated}. */
    long secondDelay(Link link, int sender, int receiver) {
        return link.latency().nanos(world, sender, receiver, random);
    }

    /** The stream of one purpose of a datagram; valid until the next is started. */
    private RandomStream start(long label, int purpose) {
        return random.restart(Hash64.fold(label, purpose));
    }

    /** The stream of a datagram that arrives with bits flipped; valid until the next is started. */
    RandomStream flips(long corruption) {
        return random.restart(corruption);
    }
}
