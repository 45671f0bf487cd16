package org.dhtrpc.testkit;

import java.time.Duration;

/** The logarithm of the delay is normally distributed. */
final class LogNormalLatency extends Latency {
    /** By how many standard deviations the 99th percentile of a normal distribution lies above its mean. */
    private static final double Z99 = 2.326_347_874_040_841;

    private final double median;
    private final double sigma;

    LogNormalLatency(String text, Duration median, Duration p99) {
        super(text);
        this.median = median.toNanos();
        sigma = StrictMath.log(p99.toNanos() / this.median) / Z99;
    }

    @Override
    long nanos(long world, int from, int to, RandomStream random) {
        double delay = median * StrictMath.exp(sigma * gaussian(random));
        return (long) StrictMath.min(delay, (double) MAX.toNanos());
    }

    /** By the method of Box and Muller (1958): the JDK's own numbers differ between its versions. */
    private static double gaussian(RandomStream random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }
}
