package org.dhtrpc.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What may happen to datagrams on their way: a description, immutable, that any number of networks and hosts can share.
 *
 * <pre>{@code
 * Link mobile = Link.of(Latency.logNormal(Duration.ofMillis(60), Duration.ofMillis(600)))
 *         .withLoss(0.02)
 *         .withBursts(Duration.ofSeconds(30), Duration.ofSeconds(1), 0.8);
 * }</pre>
 *
 * <p>Each kind of mishap draws from a stream of its own, derived from the sender, the receiver and the number of the
 * datagram: switching one on changes neither the delays nor the luck that the others deal out. Probabilities are from 0
 * to 1; what is out of range is an {@link IllegalArgumentException} at the call, which names it and the limits.
 */
public final class Link {
    private static final Duration LONGEST_SPELL = Duration.ofDays(36_500);

    private final Latency latency;
    private final double loss;
    private final @Nullable Bursts bursts;
    private final double duplication;
    private final double reordering;
    private final long extraNanos;
    private final double corruption;
    private final int mtu;
    private final @Nullable Bandwidth bandwidth;

    private Link(
            Latency latency,
            double loss,
            @Nullable Bursts bursts,
            double duplication,
            double reordering,
            long extraNanos,
            double corruption,
            int mtu,
            @Nullable Bandwidth bandwidth) {
        this.latency = latency;
        this.loss = loss;
        this.bursts = bursts;
        this.duplication = duplication;
        this.reordering = reordering;
        this.extraNanos = extraNanos;
        this.corruption = corruption;
        this.mtu = mtu;
        this.bandwidth = bandwidth;
    }

    /** A link that does nothing but take this long. */
    public static Link of(Latency latency) {
        return new Link(latency, 0, null, 0, 0, 0, 0, Integer.MAX_VALUE, null);
    }

    /** The same link with another latency. */
    public Link withLatency(Latency latency) {
        return new Link(latency, loss, bursts, duplication, reordering, extraNanos, corruption, mtu, bandwidth);
    }

    /** Each datagram is lost with this probability, whatever becomes of the others. */
    public Link withLoss(double probability) {
        probability(probability);
        return new Link(latency, probability, bursts, duplication, reordering, extraNanos, corruption, mtu, bandwidth);
    }

    /**
     * Datagrams are also lost in bursts, after Gilbert (1960) and Elliott (1963): each host has good and bad spells, and loses
     * what it sends in a bad one with this probability. Spells last exponentially distributed times, in virtual time and
     * whether the host sends or not.
     *
     * @param good how long good spells last on average, more than 0
     * @param bad how long bad spells last on average, more than 0
     * @param loss how likely a datagram is to be lost in a bad one
     */
    public Link withBursts(Duration good, Duration bad, double loss) {
        probability(loss);
        Bursts spells = new Bursts(spell(good), spell(bad), loss);
        return new Link(latency, this.loss, spells, duplication, reordering, extraNanos, corruption, mtu, bandwidth);
    }

    static long spell(Duration mean) {
        if (mean.isNegative() || mean.isZero() || mean.compareTo(LONGEST_SPELL) > 0) {
            throw new IllegalArgumentException(
                    "A spell lasts more than 0 and at most " + LONGEST_SPELL + ", not " + mean);
        }
        return mean.toNanos();
    }

    /** Each datagram that is not lost arrives twice with this probability, the second time with a delay of its own. */
    public Link withDuplication(double probability) {
        probability(probability);
        return new Link(latency, loss, bursts, probability, reordering, extraNanos, corruption, mtu, bandwidth);
    }

    /**
     * Some datagrams take longer, so that others overtake them.
     *
     * @param probability how likely a datagram is to be one of them
     * @param extra how much longer at most; anything up to that is equally likely; 0 to 1 minute
     */
    public Link withReordering(double probability, Duration extra) {
        probability(probability);
        if (extra.isNegative() || extra.compareTo(Latency.MAX) > 0) {
            throw new IllegalArgumentException(
                    "An extra delay is at least 0 and at most " + Latency.MAX + ", not " + extra);
        }
        return new Link(latency, loss, bursts, duplication, probability, extra.toNanos(), corruption, mtu, bandwidth);
    }

    /**
     * Of each datagram a few bits arrive flipped with this probability. A host's codec still has to read it, and then
     * refuses it as malformed even if it could be read, as a checksum would: so the trace does not depend on whether bytes
     * travel or references.
     */
    public Link withCorruption(double probability) {
        probability(probability);
        return new Link(latency, loss, bursts, duplication, reordering, extraNanos, probability, mtu, bandwidth);
    }

    /** Datagrams of more than this many bytes, without headers, never arrive, and nobody is told. At least 0. */
    public Link withMtu(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("An MTU is 0 or more bytes, not " + bytes);
        }
        return new Link(latency, loss, bursts, duplication, reordering, extraNanos, corruption, bytes, bandwidth);
    }

    /**
     * Each host sends and receives only so fast. What comes faster waits its turn, and is lost if it finds more than a number
     * of bytes ahead of it, on the sender's side or on the receiver's. A host has one queue each way, whoever the
     * others are.
     *
     * @param up how many bytes a second a host can send, without headers; 1 or more
     * @param down how many bytes a second it can receive; 1 or more
     * @param queueBytes how many bytes may be ahead of a datagram; with 0 it is lost unless the line is idle
     */
    public Link withBandwidth(long up, long down, int queueBytes) {
        if (up < 1 || down < 1 || queueBytes < 0) {
            throw new IllegalArgumentException(
                    "A bandwidth is 1 or more bytes a second, and a queue 0 or more bytes; not " + up + " up, " + down
                            + " down and a queue of " + queueBytes);
        }
        Bandwidth limits = new Bandwidth(up, down, queueBytes);
        return new Link(latency, loss, bursts, duplication, reordering, extraNanos, corruption, mtu, limits);
    }

    /**
     * The link with this text, its parts in any order, each of them optional: {@code latency wan, loss 0.05, bursts 30s 1s
     * 0.8, duplication 0.01, reordering 0.1 20ms, corruption 0.001, mtu 1200, bandwidth 125000 125000 65536}. Latencies are
     * those of {@link Latency#parse}; the others are the parameters of the methods here, in their order.
     *
     * @throws IllegalArgumentException if the text is anything else; the message lists the forms
     */
    public static Link parse(String text) {
        return LinkText.parse(text);
    }

    /** The form that {@link #parse} reads, but for latencies that have none. */
    @Override
    public String toString() {
        return LinkText.of(this);
    }

    private static void probability(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("A probability is from 0 to 1, not " + value);
        }
    }

    Latency latency() {
        return latency;
    }

    double loss() {
        return loss;
    }

    @Nullable
    Bursts bursts() {
        return bursts;
    }

    double duplication() {
        return duplication;
    }

    double reordering() {
        return reordering;
    }

    long extraNanos() {
        return extraNanos;
    }

    double corruption() {
        return corruption;
    }

    int mtu() {
        return mtu;
    }

    @Nullable
    Bandwidth bandwidth() {
        return bandwidth;
    }

    /**
     * How fast a host sends and receives.
     *
     * @param up bytes per second
     * @param down bytes per second
     * @param queue bytes
     */
    record Bandwidth(long up, long down, int queue) {}

    /**
     * Good and bad spells.
     *
     * @param goodNanos mean length of a good one
     * @param badNanos mean length of a bad one
     */
    record Bursts(long goodNanos, long badNanos, double loss) {
        /** How likely it is that a spell is bad, a span after it was known to be or not; for an infinite span, at all. */
        double bad(boolean wasBad, double spanNanos) {
            double share = (double) badNanos / (goodNanos + badNanos);
            double memory = StrictMath.exp(-spanNanos / goodNanos - spanNanos / badNanos);
            return share + ((wasBad ? 1 : 0) - share) * memory;
        }
    }
}
