package org.dhtrpc.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What the system has thrown away because nobody came to fetch it. Linux only: elsewhere nothing is known to be lost. */
final class Drops {
    private static final Path SOCKETS = Path.of("/proc/net/udp");
    private static final int HEXADECIMAL = 16;

    private Drops() {}

    /** Datagrams that came to these ports of this machine, whatever process has them, and found the buffer full. */
    static long at(Set<Integer> ports) {
        if (!Files.isReadable(SOCKETS)) {
            return 0;
        }
        try {
            return Files.readAllLines(SOCKETS).stream()
                    .skip(1)
                    .map(line -> line.trim().split("\\s+", -1))
                    .filter(fields -> ports.contains(port(fields[1])))
                    .mapToLong(fields -> Long.parseLong(fields[fields.length - 1]))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), HEXADECIMAL);
    }
}
