package org.dhtrpc.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One result: names and values in the order in which they were put, on one line. */
final class Json {
    private final Map<String, String> fields = new LinkedHashMap<>();

    /** The beginning of a result; who is measured beside us has a name as its variant, and we have none. */
    static Json result(String suite, String variant) {
        Json json = new Json().put("suite", suite);
        return variant.isEmpty() ? json : json.put("variant", variant);
    }

    /** A text, which needs no escapes. */
    Json put(String name, String text) {
        fields.put(name, '"' + text + '"');
        return this;
    }

    Json put(String name, long number) {
        fields.put(name, Long.toString(number));
        return this;
    }

    /** A number with so many decimals; one that does not exist is left out. */
    Json put(String name, double number, int decimals) {
        if (Double.isFinite(number)) {
            // The root locale, because a decimal comma is no JSON.
            fields.put(name, String.format(Locale.ROOT, "%." + decimals + "f", number));
        }
        return this;
    }

    Json put(String name, Json inner) {
        fields.put(name, inner.toString());
        return this;
    }

    Json putAll(Json other) {
        fields.putAll(other.fields);
        return this;
    }

    @Override
    public String toString() {
        return fields.entrySet().stream()
                .map(field -> '"' + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
