package org.dhtrpc.testkit.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * The seeds with which a test failed, in a file that is there while there are any. Runs of one test may be on several
 * threads; as all of this is rare and short, one lock serves all files.
 */
final class KeptSeeds {
    /** How many seeds a file has at most; whatever breaks more often than that is soon found by the sweep. */
    static final int MOST = 100;

    private static final Object LOCK = new Object();

    private final Path file;

    KeptSeeds(Path file) {
        this.file = file;
    }

    /** The oldest first. */
    List<Long> read() {
        synchronized (LOCK) {
            return List.copyOf(seeds());
        }
    }

    /** Keeps this seed, unless there are too many already. */
    void add(long seed) {
        synchronized (LOCK) {
            Set<Long> seeds = seeds();
            if (seeds.size() < MOST && seeds.add(seed)) {
                write(seeds);
            }
        }
    }

    void remove(long seed) {
        synchronized (LOCK) {
            Set<Long> seeds = seeds();
            if (seeds.remove(seed)) {
                write(seeds);
            }
        }
    }

    private Set<Long> seeds() {
        Set<Long> seeds = new LinkedHashSet<>();
        int number = 0;
        for (String line : lines()) {
            number++;
            try {
                seeds.add(Long.parseLong(line.strip()));
            } catch (NumberFormatException e) {
                throw new ExtensionConfigurationException(
                        corrupt("line " + number + " is \"" + shortened(line) + "\", which is no seed"), e);
            }
        }
        return seeds;
    }

    private List<String> lines() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (Stream<String> text = Files.lines(file)) {
            List<String> lines = text.limit(MOST + 1).toList();
            if (lines.size() > MOST) {
                throw new ExtensionConfigurationException(corrupt("it has more than " + MOST + " lines"));
            }
            return lines;
        } catch (IOException | UncheckedIOException e) {
            throw new ExtensionConfigurationException(corrupt("it cannot be read"), e);
        }
    }

    private String corrupt(String why) {
        return "Failing seeds are kept in " + file.toAbsolutePath() + ", but " + why + "; correct or delete the file";
    }

    private static String shortened(String line) {
        return line.length() <= 40 ? line : line.substring(0, 40) + "...";
    }

    private void write(Set<Long> seeds) {
        try {
            if (seeds.isEmpty()) {
                Files.delete(file);
                return;
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            List<String> lines = new ArrayList<>();
            seeds.forEach(seed -> lines.add(seed.toString()));
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("Failing seeds cannot be kept in " + file.toAbsolutePath(), e);
        }
    }
}
