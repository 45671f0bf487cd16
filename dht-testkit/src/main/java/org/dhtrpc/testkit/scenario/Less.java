package org.dhtrpc.testkit.scenario;

import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Less of something, several times, the least first. */
final class Less {
    /** A number by itself, perhaps with a unit; those of models stand behind a colon, and less of them is not less. */
    private static final Pattern NUMBER =
            Pattern.compile("(?<=^| )([0-9]+(?:\\.[0-9]+)?)(s|m|h|d|/s|/min|/h)?(?=$| |,)");

    private static final double[] SHARES = {0.125, 0.25, 0.5, 0.75};

    private Less() {}

    /** Shorter lists: of each without a half, a quarter, and so on: delta debugging's complements. */
    static <T> Stream<List<T>> lists(List<T> all) {
        List<List<T>> shorter = new ArrayList<>();
        for (int size = all.size(); size > 0; size = size == 1 ? 0 : (size + 1) / 2) {
            for (int from = 0; from < all.size(); from += size) {
                List<T> rest = new ArrayList<>(all.subList(0, from));
                rest.addAll(all.subList(Math.min(from + size, all.size()), all.size()));
                shorter.add(rest);
            }
        }
        return shorter.stream();
    }

    static IntStream counts(int from, int least) {
        IntStream shares = IntStream.range(0, SHARES.length).map(i -> (int) (SHARES[i] * from));
        return IntStream.concat(IntStream.concat(IntStream.of(least), shares), IntStream.of(from - 1))
                .filter(count -> count >= least && count < from)
                .distinct();
    }

    /** Whole seconds. */
    static Stream<Duration> durations(Duration from) {
        return IntStream.range(0, SHARES.length)
                .mapToObj(i -> Duration.ofSeconds((long) (SHARES[i] * from.toSeconds())))
                .filter(time -> !time.isZero())
                .distinct();
    }

    /** With two digits, as people write them. */
    static double rounded(double number) {
        return new BigDecimal(number).round(new MathContext(2)).doubleValue();
    }

    /** A text of parts that are set apart by commas: one of them alone, and all but one. */
    static Stream<String> parts(String text) {
        List<String> parts = List.of(text.split(", "));
        if (parts.size() == 1) {
            return Stream.of();
        }
        Stream<String> rests = IntStream.range(0, parts.size()).mapToObj(without -> {
            List<String> rest = new ArrayList<>(parts);
            rest.remove(without);
            return String.join(", ", rest);
        });
        return Stream.concat(parts.stream(), rests);
    }

    /** A text with a smaller number at one place. */
    static Stream<String> numbers(String text) {
        List<String> smaller = new ArrayList<>();
        for (Matcher matcher = NUMBER.matcher(text); matcher.find(); ) {
            MatchResult place = matcher.toMatchResult();
            double number = Double.parseDouble(place.group(1));
            String unit = place.group(2) == null ? "" : place.group(2);
            for (double share : SHARES) {
                double less = rounded(number * share);
                double whole = (unit.isEmpty() || unit.equals("s")) && number > 1 ? StrictMath.floor(less) : less;
                if (whole >= least(number, unit) && whole < number) {
                    smaller.add(text.substring(0, place.start())
                            + Quantity.text(whole)
                            + unit
                            + text.substring(place.end()));
                }
            }
        }
        return smaller.stream();
    }

    /** Where it is enough: at a second, a tenth of a rate, one of a count, a hundredth of a share. */
    private static double least(double number, String unit) {
        return switch (unit) {
            case "s" -> 1;
            case "/s", "/min", "/h" -> 0.1;
            default -> number > 1 ? 1 : 0.01;
        };
    }

    /** What these texts say; those that say nothing are left out. */
    static <T> Stream<T> read(Stream<String> texts, Function<String, T> reader) {
        List<T> all = new ArrayList<>();
        texts.forEach(text -> {
            try {
                all.add(reader.apply(text));
            } catch (IllegalArgumentException | UncheckedIOException e) {
                // Values without stores, for instance, or a trace whose file has gone.
                return;
            }
        });
        return all.stream();
    }
}
