package org.dhtrpc.codec.dhtrpc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.dhtrpc.Bytes;
import org.dhtrpc.message.Message;

/** Files of lines that are a name and hexadecimal digits, in the order of the file. */
final class Vectors {
    static final Map<String, Bytes> DHT_RPC_6 = load("dht-rpc-6.hex");
    static final Map<String, Bytes> DHT_RPC_1 = load("dht-rpc-1.hex");
    static final Map<String, Bytes> IDS = load("ids.hex");

    private Vectors() {}

    private static Map<String, Bytes> load(String file) {
        Map<String, Bytes> vectors = new LinkedHashMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Vectors.class.getResourceAsStream(file)), StandardCharsets.UTF_8))) {
            reader.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                int space = line.indexOf(' ');
                vectors.put(line.substring(0, space), Bytes.parse(line.substring(space + 1)));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return vectors;
    }

    /** What the bytes say, where both have the same names. */
    static Map<Bytes, Message> datagrams(Map<String, Bytes> bytes, Map<String, Message> messages) {
        Map<Bytes, Message> datagrams = new LinkedHashMap<>();
        bytes.forEach((name, datagram) -> datagrams.put(datagram, Objects.requireNonNull(messages.get(name), name)));
        return datagrams;
    }
}
