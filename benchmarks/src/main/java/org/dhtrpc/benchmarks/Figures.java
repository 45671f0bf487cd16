package org.dhtrpc.benchmarks;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers of results, by the name of what was run, the variant, and the keys: {@code lookup100.lookup.msgs}. */
final class Figures {
    private static final Pattern FIELD =
            Pattern.compile("\"(?<key>\\w+)\":(?:(?<open>\\{)|(?<number>-?[0-9.]+)|\"[^\"]*\")|(?<close>\\})");
    private static final Pattern VARIANT = Pattern.compile("\"variant\":\"([^\"]*)\"");

    private final Map<String, Double> numbers = new HashMap<>();

    /** Takes a line that {@link Json} wrote. */
    void add(String name, String line) {
        Matcher variant = VARIANT.matcher(line);
        Deque<String> path = new ArrayDeque<>();
        path.add(variant.find() ? name + "." + variant.group(1) : name);
        Matcher field = FIELD.matcher(line);
        while (field.find()) {
            if (field.group("close") != null) {
                path.removeLast();
                continue;
            }
            String full = path.getLast() + "." + field.group("key");
            if (field.group("open") != null) {
                path.add(full);
            } else if (field.group("number") != null) {
                numbers.put(full, Double.valueOf(field.group("number")));
            }
        }
    }

    /** NaN if there is none. */
    double get(String name) {
        return numbers.getOrDefault(name, Double.NaN);
    }
}
