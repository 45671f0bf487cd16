package org.dhtrpc.testkit;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a latency is written on a command line. */
final class LatencyText {
    private static final String FORMS = "constant:20ms, uniform:10ms-50ms, lognormal:50ms,200ms (median and 99th"
            + " percentile), coordinates:89ms,8ms,0.04 (side, access, jitter), matrix:FILE, regions, wan";

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)(ns|us|ms|s)");

    private static final long[] NANOS = {1_000_000_000, 1_000_000, 1_000, 1};
    private static final String[] UNITS = {"s", "ms", "us", "ns"};

    private LatencyText() {}

    static Latency parse(String text) {
        int colon = text.indexOf(':');
        String model = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1);
        if (model.equals("matrix") && !rest.isEmpty()) {
            return Latency.matrix(Path.of(rest));
        }
        String[] values = rest.split(model.equals("uniform") ? "-" : ",", -1);
        return switch (model + "/" + (colon < 0 ? 0 : values.length)) {
            case "wan/0" -> Latency.wan();
            case "regions/0" -> Latency.regions();
            case "constant/1" -> Latency.constant(duration(values[0], text));
            case "uniform/2" -> Latency.uniform(duration(values[0], text), duration(values[1], text));
            case "lognormal/2" -> Latency.logNormal(duration(values[0], text), duration(values[1], text));
            case "coordinates/3" ->
                Latency.coordinates(duration(values[0], text), duration(values[1], text), jitter(values[2], text));
            default -> throw unknown(text);
        };
    }

    private static double jitter(String number, String text) {
        if (!number.matches("[0-9]{1,3}(\\.[0-9]{1,15})?")) {
            throw unknown(text);
        }
        return Double.parseDouble(number);
    }

    /** A duration as it is written, such as 20ms. */
    static Duration duration(String value) {
        if (!DURATION.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "Not a duration: '" + value + "'; the units are ns, us, ms and s, as in 1.5s");
        }
        return duration(value, value);
    }

    private static Duration duration(String value, String text) {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw unknown(text);
        }
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(matcher.group(2))) {
                BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(NANOS[i]));
                return Duration.ofNanos(
                        nanos.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
            }
        }
        throw unknown(text);
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException("Not a latency: '" + text + "'; the forms are " + FORMS);
    }

    /** In the largest unit of which it is a multiple. */
    static String of(Duration duration) {
        long nanos = duration.toNanos();
        int unit = nanos == 0 ? 1 : 0;
        while (nanos % NANOS[unit] != 0) {
            unit++;
        }
        return nanos / NANOS[unit] + UNITS[unit];
    }
}
