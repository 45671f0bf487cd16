package org.dhtrpc.testkit.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Lengths that were measured. */
final class TraceSessions implements Sessions {
    private final Path file;
    private final List<Duration> lengths;
    private final Cumulative nanos = new Cumulative();

    private TraceSessions(Path file, List<Duration> lengths) {
        this.file = file;
        this.lengths = List.copyOf(lengths);
        lengths.forEach(length -> nanos.add((double) length.toNanos()));
    }

    static Sessions read(Path file) {
        if (file.toString().matches("(?s).*[\\s,].*")) {
            throw new IllegalArgumentException(
                    "The path of a trace has no white space and no commas, not '" + file + "'");
        }
        List<Duration> lengths = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String length = line.strip();
            if (!length.isEmpty() && !length.startsWith("#")) {
                lengths.add(length(length, file + ", line " + number));
            }
        }
        if (lengths.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no durations");
        }
        return new TraceSessions(file, lengths);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The sessions cannot be read from " + file, e);
        }
    }

    private static Duration length(String text, String place) {
        try {
            return Lengths.checked("A session", Quantity.duration(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Duration draw(RandomGenerator random) {
        return lengths.get((int) (random.nextDouble() * lengths.size()));
    }

    /** Laid end to end, they are found as often as they are long. */
    @Override
    public Duration rest(RandomGenerator random) {
        double point = random.nextDouble() * nanos.sum(lengths.size());
        int found = nanos.find(point, lengths.size());
        return Lengths.of(nanos.sum(found + 1) - point);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TraceSessions that && file.equals(that.file) && lengths.equals(that.lengths);
    }

    @Override
    public int hashCode() {
        return file.hashCode();
    }

    @Override
    public String toString() {
        return "trace:" + file;
    }
}
