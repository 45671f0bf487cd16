package org.dhtrpc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measured round trips. Memory follows the file, however many hosts there are. */
final class MatrixLatency extends Latency {
    private static final double JITTER = 0.05;
    private static final double NANOS_ONE_WAY = 1_000_000 / 2.0;
    private static final long MAX_MILLIS = 2 * MAX.toMillis();

    private final float[][] millis;

    private MatrixLatency(String text, float[][] millis) {
        super(text);
        this.millis = millis;
    }

    static Latency read(Path file) {
        List<float[]> rows = new ArrayList<>();
        List<Integer> lines = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String values = line.strip();
            if (!values.isEmpty() && !values.startsWith("#")) {
                rows.add(row(values, file + ", line " + number));
                lines.add(number);
            }
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no round trips");
        }
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).length != rows.size()) {
                throw new IllegalArgumentException(file + ", line " + lines.get(i) + ": " + rows.get(i).length
                        + " values, but the matrix has " + rows.size() + " rows");
            }
        }
        float[][] millis = rows.toArray(float[][]::new);
        fillDiagonal(millis);
        return new MatrixLatency("matrix:" + file, millis);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The round trips cannot be read from " + file, e);
        }
    }

    private static float[] row(String line, String place) {
        String[] values = line.split("\\s*[,;]\\s*|\\s+", -1);
        float[] row = new float[values.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = value(values[i]);
            if (!(row[i] >= 0 && row[i] <= MAX_MILLIS)) {
                throw new IllegalArgumentException(place + ", value " + (i + 1) + ": a round trip is 0 to " + MAX_MILLIS
                        + " milliseconds, not '" + values[i] + "'");
            }
        }
        return row;
    }

    private static float value(String text) {
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }

    private static void fillDiagonal(float[][] millis) {
        for (int i = 0; i < millis.length; i++) {
            float nearest = 0;
            for (float value : millis[i]) {
                if (value > 0 && (nearest == 0 || value < nearest)) {
                    nearest = value;
                }
            }
            millis[i][i] = millis[i][i] == 0 ? nearest : millis[i][i];
        }
    }

    @Override
    long nanos(long world, int from, int to, RandomStream random) {
        float roundTrip = millis[from % millis.length][to % millis.length];
        return (long) (roundTrip * NANOS_ONE_WAY * (1 + JITTER * random.nextDouble()));
    }
}
