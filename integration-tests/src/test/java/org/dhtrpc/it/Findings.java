package org.dhtrpc.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What an attack has brought to light: figures, and the promises that did not hold. */
final class Findings {
    private final String attack;
    private final Map<String, Number> figures = new LinkedHashMap<>();
    private final List<String> broken = new ArrayList<>();

    Findings(String attack) {
        this.attack = attack;
    }

    void figure(String name, long value) {
        figures.put(name, value);
    }

    void figure(String name, double value) {
        figures.put(name, Math.round(value * 100) / 100.0);
    }

    /** @param promise what should hold; printed if it does not */
    void promise(String promise, boolean kept) {
        if (!kept) {
            broken.add(attack + ": " + promise);
        }
    }

    /** The promises that did not hold; empty if all is well. */
    List<String> broken() {
        return broken;
    }

    /** The figures of an attack, which a test prints when it fails. */
    @Override
    public String toString() {
        return figures.entrySet().stream()
                .map(figure -> String.format("  %-46s %14s", figure.getKey(), text(figure.getValue())))
                .collect(Collectors.joining("\n", attack + "\n", ""));
    }

    private static String text(Number figure) {
        return figure instanceof Double decimal
                ? String.format(Locale.ROOT, "%,.2f", decimal)
                : String.format(Locale.ROOT, "%,d", figure.longValue());
    }

    /** The figures as a member of a JSON object. */
    String toJson() {
        return figures.entrySet().stream()
                .map(figure -> quoted(figure.getKey()) + ":" + figure.getValue())
                .collect(Collectors.joining(",", quoted(attack) + ":{", "}"));
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
