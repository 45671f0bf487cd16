package org.dhtrpc.testkit.scenario;

import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * A distribution of how long something lasts: that a node is there, or is away. Immutable; two that are written alike are
 * equal.
 *
 * <p>What was measured: sessions in KAD follow a Weibull distribution (Steiner, En-Najjary and Biersack, "Long Term Study of
 * Peer Behavior in the KAD DHT", IEEE/ACM Transactions on Networking 17(5), 2009); those of Gnutella, BitTorrent and Kad are
 * not exponential, as most peers who are there stay long and the others change fast (Stutzbach and Rejaie, "Understanding
 * Churn in Peer-to-Peer Networks", IMC 2006). Pareto lifetimes are what models are made of (Yao, Leonard, Wang and Loguinov,
 * "Modeling Heterogeneous User Churn and Local Resilience of Unstructured P2P Networks", ICNP 2006; theirs is shifted to
 * begin at 0). None of these papers lends its name to a preset: their parameters are to be brought by who has read them.
 *
 * <p>All draws are from 1 ms to 365 days: what is shorter or longer is cut to that. They take nothing but
 * {@link RandomGenerator#nextDouble} from their generator, and are the same on every JDK.
 */
public sealed interface Sessions
        permits ConstantSessions, ExponentialSessions, WeibullSessions, ParetoSessions, TraceSessions {
    /**
     * They end by chance, however long they have lasted.
     *
     * @throws IllegalArgumentException unless the mean is 1 ms to 365 days
     */
    static Sessions exponential(Duration mean) {
        return new ExponentialSessions(mean);
    }

    /**
     * Half of them are shorter than the median.
     *
     * @param shape 0.2 to 10. Below 1, who has stayed long is likely to stay longer; 1 is exponential
     * @throws IllegalArgumentException if that is out of range, or the median not 1 ms to 365 days
     */
    static Sessions weibull(Duration median, double shape) {
        return new WeibullSessions(median, shape);
    }

    /**
     * None is shorter than {@code min}, and the share of those longer than x is (min / x)<sup>alpha</sup>.
     *
     * @param alpha 0.1 to 100; the mean is finite only because draws are cut, if this is 1 or less
     * @throws IllegalArgumentException if that is out of range, or the shortest not 1 ms to 365 days
     */
    static Sessions pareto(Duration min, double alpha) {
        return new ParetoSessions(min, alpha);
    }

    /**
     * All alike.
     *
     * @throws IllegalArgumentException unless they take 1 ms to 365 days
     */
    static Sessions constant(Duration length) {
        return new ConstantSessions(length);
    }

    /**
     * Any of those that were measured, each as likely as another: a file with a duration per line, as {@code 90s}; empty
     * lines and those that begin with # count for nothing. It is read once, here, and is part of the scenario that names it.
     *
     * @throws IllegalArgumentException if the file holds anything else, durations that are not 1 ms to 365 days, or none; the
     *     message names the line. Also if its path has white space or commas, which the text of a churn would break at
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    static Sessions trace(Path file) {
        return TraceSessions.read(file);
    }

    /**
     * The sessions with this text: {@code constant:5m}, {@code exponential:5m}, {@code weibull:5m,0.5}, {@code pareto:1m,1.5}
     * or {@code trace:FILE}. Units are ns, us, ms, s, m, h and d.
     *
     * @throws IllegalArgumentException if the text is anything else; the message lists the forms
     * @throws java.io.UncheckedIOException if a trace cannot be read
     */
    static Sessions parse(String text) {
        int colon = text.indexOf(':');
        String rest = text.substring(colon + 1);
        if (text.startsWith("trace:") && !rest.isEmpty()) {
            return trace(Path.of(rest));
        }
        String[] values = rest.split(",", -1);
        return switch (text.substring(0, colon + 1) + values.length) {
            case "constant:1" -> constant(Quantity.duration(values[0]));
            case "exponential:1" -> exponential(Quantity.duration(values[0]));
            case "weibull:2" -> weibull(Quantity.duration(values[0]), Quantity.number(values[1]));
            case "pareto:2" -> pareto(Quantity.duration(values[0]), Quantity.number(values[1]));
            default ->
                throw new IllegalArgumentException(
                        "Not sessions: '" + text + "'; the forms are constant:5m, exponential:5m"
                                + " (mean), weibull:5m,0.5 (median, shape), pareto:1m,1.5 (shortest, alpha), trace:FILE");
        };
    }

    /** How long one lasts. */
    Duration draw(RandomGenerator random);

    /**
     * How long one still lasts that is found under way, when sessions have begun and ended forever: the residual life of a
     * stationary renewal process. Long sessions are found more often than short ones, so that the rest of one may be longer
     * in the mean than a whole one. Exact for every form, the cut at 365 days included.
     */
    Duration rest(RandomGenerator random);

    /** The text that {@link #parse} reads. */
    @Override
    String toString();
}
