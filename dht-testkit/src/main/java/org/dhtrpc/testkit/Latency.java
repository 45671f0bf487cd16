package org.dhtrpc.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How long datagrams are under way, one way. Immutable; none needs memory per pair of hosts. Where hosts have a place,
 * it follows from the seed of the network and the number of the host, so a host that is added moves no other.
 *
 * <p>Only {@link #constant} gives two datagrams the same delay again and again: events that happen at one instant are
 * rare on real networks, and hide mistakes about their order. What each of the others draws for a datagram is that
 * datagram's own.
 *
 * <p>{@link #toString} is the form that {@link #parse} reads, but for regions that are not the built-in ones.
 */
public abstract sealed class Latency
        permits UniformLatency, LogNormalLatency, RegionalLatency, CoordinateLatency, MatrixLatency {
    static final Duration MAX = Duration.ofMinutes(1);

    private final String text;

    Latency(String text) {
        this.text = text;
    }

    /**
     * The same for all.
     *
     * @throws IllegalArgumentException unless it is from 0 to 1 minute
     */
    public static Latency constant(Duration delay) {
        return new UniformLatency("constant:" + LatencyText.of(checked(delay, delay)), delay, delay);
    }

    /**
     * Anything from {@code min} to {@code max} with equal probability, drawn for each datagram, so that they can overtake
     * each other.
     *
     * @throws IllegalArgumentException unless 0 ≤ min ≤ max ≤ 1 minute
     */
    public static Latency uniform(Duration min, Duration max) {
        checked(min, max);
        return new UniformLatency("uniform:" + LatencyText.of(min) + "-" + LatencyText.of(max), min, max);
    }

    /**
     * A log-normal distribution, drawn for each datagram: half of them take more than the median, and one in a hundred
     * takes more than {@code p99}, some of them much more, but none more than a minute. This has the long tail that makes
     * time-outs and repeats happen.
     *
     * @throws IllegalArgumentException unless 0 &lt; median ≤ p99 ≤ 1 minute
     */
    public static Latency logNormal(Duration median, Duration p99) {
        checked(median, p99);
        if (median.isZero()) {
            throw new IllegalArgumentException("A log-normal latency has a median above 0");
        }
        return new LogNormalLatency("lognormal:" + LatencyText.of(median) + "," + LatencyText.of(p99), median, p99);
    }

    /** Six parts of a made-up world, of unequal size: one way takes about 15 to 180 ms. */
    public static Latency regions() {
        return RegionalLatency.world();
    }

    /**
     * Regions to which hosts are assigned by weight, each with a delay to each, which a datagram exceeds by up to a
     * fifth.
     *
     * @throws IllegalArgumentException if there are none, or one has not as many delays as there are regions
     */
    public static Latency regions(List<Region> regions) {
        return RegionalLatency.of(regions);
    }

    /**
     * Hosts at random places in a square: one way takes as long as their distance, and what each of the two needs to get
     * to the net, its own part from 0 to {@code access}.
     *
     * @param side how long it takes along one side of the square
     * @param jitter by how much of its delay a datagram may be later, equally likely in between: 0 to 10
     * @throws IllegalArgumentException if one of them is out of range, or all of them are 0
     */
    public static Latency coordinates(Duration side, Duration access, double jitter) {
        return new CoordinateLatency(
                "coordinates:" + LatencyText.of(checked(side, side)) + "," + LatencyText.of(checked(access, access))
                        + "," + jitter,
                side,
                access,
                jitter);
    }

    /**
     * Round trips that were measured: a file with a square matrix in milliseconds, a row per line, the values separated
     * by white space, commas or semicolons; empty lines and those that begin with # count for nothing. The n-th host
     * takes row n modulo the number of rows. One way takes half of the round trip, and up to a twentieth more; hosts with the
     * same row are as far apart as the diagonal says, or where that is 0, as the row's nearest other.
     *
     * <p>Such data exist, with terms of their own: the King data set (round trips of 1,740 name servers, 2004), those
     * of PlanetLab and of RIPE Atlas, and what providers of clouds publish. Some come as lists of pairs, in microseconds
     * or with −1 for what was not measured, and must be made a matrix first.
     *
     * @throws IllegalArgumentException if the file holds anything else; the message names the line and the value
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static Latency matrix(Path file) {
        return MatrixLatency.read(file);
    }

    /**
     * The internet, roughly: round trips between hosts chosen at random have their median at 109 ms, nine in ten are below
     * 172 ms and 99 in a hundred below 213 ms. These are coordinates with a side of 89 ms, an access of up to 8 ms, and a
     * jitter of 0.04.
     */
    public static Latency wan() {
        return new CoordinateLatency("wan", Duration.ofMillis(89), Duration.ofMillis(8), 0.04);
    }

    /**
     * The latency with this text: {@code constant:20ms}, {@code uniform:10ms-50ms}, {@code lognormal:50ms,200ms} (median and
     * 99th percentile), {@code coordinates:89ms,8ms,0.04}, {@code matrix:FILE}, {@code regions} or {@code wan}. Units are
     * ns, us, ms and s.
     *
     * @throws IllegalArgumentException if the text is anything else; the message lists the forms
     * @throws java.io.UncheckedIOException if a matrix cannot be read
     */
    public static Latency parse(String text) {
        return LatencyText.parse(text);
    }

    private static Duration checked(Duration min, Duration max) {
        if (min.isNegative() || min.compareTo(max) > 0 || max.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    "Latencies are at least 0, the smaller first, and at most " + MAX + ", not " + min + " to " + max);
        }
        return min;
    }

    /**
     * How long a datagram takes, in nanoseconds.
     *
     * @param world seeds what does not change while the network exists: where its hosts are
     * @param from number of a host; 0 for what is not one
     * @param random the datagram's own
     */
    abstract long nanos(long world, int from, int to, RandomStream random);

    @Override
    public final String toString() {
        return text;
    }

    /**
     * A part of the world.
     *
     * @param name what it is called, in messages
     * @param weight its share of the hosts, compared to the other weights; more than 0
     * @param delays how long a datagram takes one way to each region, in their order, this one included
     */
    public record Region(String name, double weight, List<Duration> delays) {
        /** Checks the values, and copies the list. */
        public Region {
            if (!(weight > 0 && weight <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("The weight of region " + name + " is above 0, not " + weight);
            }
            delays = List.copyOf(delays);
            delays.forEach(delay -> checked(delay, delay));
        }
    }
}
