package org.dhtrpc.codec.msgpack;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of bytes, written by hand: name without suffix to content, of each of three directories. */
final class Vectors {
    /** What is written for a message, and read back as it. */
    static final Map<String, byte[]> PUBLISHED = load("vectors");

    /** What is read, but never written. */
    static final Map<String, byte[]> READABLE = load("readable");

    static final Map<String, byte[]> MALFORMED = load("malformed");

    private Vectors() {}

    private static Map<String, byte[]> load(String directory) {
        try {
            Path path = Path.of(
                    Objects.requireNonNull(Vectors.class.getResource(directory)).toURI());
            Map<String, byte[]> vectors = new TreeMap<>();
            try (Stream<Path> files = Files.list(path)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    vectors.put(file.getFileName().toString().replace(".hex", ""), parse(file));
                }
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] parse(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return HexFormat.of()
                    .parseHex(lines.filter(line -> !line.startsWith("#"))
                            .collect(joining())
                            .replace(" ", ""));
        }
    }
}
