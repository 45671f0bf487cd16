package org.dhtrpc.testkit;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A delay from each region to each; which one a host is in is made of the seed each time, and takes no memory. */
final class RegionalLatency extends Latency {
    private static final double JITTER = 0.2;

    /** The sum of the weights up to each region, that one included. */
    private final double[] upTo;

    private final double[][] nanos;

    private RegionalLatency(String text, List<Region> regions) {
        super(text);
        upTo = new double[regions.size()];
        nanos = new double[regions.size()][];
        double sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            Region region = regions.get(i);
            sum += region.weight();
            upTo[i] = sum;
            nanos[i] = region.delays().stream().mapToDouble(Duration::toNanos).toArray();
            if (nanos[i].length != upTo.length) {
                throw new IllegalArgumentException("Region " + region.name() + " has a delay to each of the "
                        + upTo.length + " regions, not " + nanos[i].length);
            }
        }
    }

    static Latency of(List<Region> regions) {
        if (regions.isEmpty()) {
            throw new IllegalArgumentException("There is at least one region");
        }
        return new RegionalLatency(
                regions.stream().map(Region::name).collect(Collectors.joining(",", "regions:", "")), regions);
    }

    /** Made up, in milliseconds. */
    static Latency world() {
        return new RegionalLatency(
                "regions",
                List.of(
                        region("north america", 25, 18, 65, 50, 90, 85, 85),
                        region("south america", 8, 65, 22, 100, 120, 150, 140),
                        region("europe", 35, 50, 100, 15, 60, 85, 135),
                        region("africa", 4, 90, 120, 60, 25, 110, 150),
                        region("asia", 22, 85, 150, 85, 110, 28, 60),
                        region("oceania", 6, 85, 140, 135, 150, 60, 15)));
    }

    private static Region region(String name, double weight, Integer... millis) {
        return new Region(
                name, weight, Stream.of(millis).map(Duration::ofMillis).toList());
    }

    @Override
    long nanos(long world, int from, int to, RandomStream random) {
        double delay = nanos[region(world, from)][region(world, to)];
        return (long) (delay * (1 + JITTER * random.nextDouble()));
    }

    /** The number of the region that a host is in. */
    int region(long world, int host) {
        double place = RandomStream.unit(Hash64.fold(world, host), 0) * upTo[upTo.length - 1];
        int region = 0;
        while (region < upTo.length - 1 && place >= upTo[region]) {
            region++;
        }
        return region;
    }
}
