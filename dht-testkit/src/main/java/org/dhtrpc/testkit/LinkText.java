package org.dhtrpc.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How a link is written: its latency, and the mishaps that it has. */
final class LinkText {
    private static final String FORMS = "latency MODEL, loss P, bursts GOOD BAD P, duplication P, reordering P EXTRA,"
            + " corruption P, mtu BYTES, bandwidth UP DOWN QUEUE (bytes a second, bytes)";

    private LinkText() {}

    static String of(Link link) {
        List<String> parts = new ArrayList<>(List.of("latency " + link.latency()));
        add(parts, "loss", link.loss());
        Link.Bursts bursts = link.bursts();
        if (bursts != null) {
            parts.add("bursts " + nanos(bursts.goodNanos()) + " " + nanos(bursts.badNanos()) + " " + bursts.loss());
        }
        add(parts, "duplication", link.duplication());
        if (link.reordering() > 0) {
            parts.add("reordering " + link.reordering() + " " + nanos(link.extraNanos()));
        }
        add(parts, "corruption", link.corruption());
        if (link.mtu() < Integer.MAX_VALUE) {
            parts.add("mtu " + link.mtu());
        }
        Link.Bandwidth bandwidth = link.bandwidth();
        if (bandwidth != null) {
            parts.add("bandwidth " + bandwidth.up() + " " + bandwidth.down() + " " + bandwidth.queue());
        }
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, String word, double probability) {
        if (probability > 0) {
            parts.add(word + " " + probability);
        }
    }

    private static String nanos(long nanos) {
        return LatencyText.of(Duration.ofNanos(nanos));
    }

    static Link parse(String text) {
        Link link = Link.of(Latency.uniform(Duration.ofMillis(10), Duration.ofMillis(50)));
        Set<String> seen = new HashSet<>();
        for (String part : text.split(", ", -1)) {
            String[] words = part.strip().split(" +", -1);
            link = with(link, words, text);
            if (!seen.add(words[0])) {
                throw new IllegalArgumentException("'" + words[0] + "' a second time in '" + text + "'");
            }
        }
        return link;
    }

    private static Link with(Link link, String[] words, String text) {
        try {
            return switch (words[0] + " " + (words.length - 1)) {
                case "latency 1" -> link.withLatency(Latency.parse(words[1]));
                case "loss 1" -> link.withLoss(Double.parseDouble(words[1]));
                case "bursts 3" ->
                    link.withBursts(
                            LatencyText.duration(words[1]),
                            LatencyText.duration(words[2]),
                            Double.parseDouble(words[3]));
                case "duplication 1" -> link.withDuplication(Double.parseDouble(words[1]));
                case "reordering 2" ->
                    link.withReordering(Double.parseDouble(words[1]), LatencyText.duration(words[2]));
                case "corruption 1" -> link.withCorruption(Double.parseDouble(words[1]));
                case "mtu 1" -> link.withMtu(Integer.parseInt(words[1]));
                case "bandwidth 3" ->
                    link.withBandwidth(Long.parseLong(words[1]), Long.parseLong(words[2]), Integer.parseInt(words[3]));
                default -> throw unknown(String.join(" ", words), text);
            };
        } catch (NumberFormatException e) {
            throw unknown(String.join(" ", words), text);
        }
    }

    private static IllegalArgumentException unknown(String part, String text) {
        return new IllegalArgumentException("Not of a link: '" + part + "' in '" + text + "'; the forms are " + FORMS);
    }
}
