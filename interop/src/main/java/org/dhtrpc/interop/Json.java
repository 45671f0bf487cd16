package org.dhtrpc.interop;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of JSON, as far as the agents need it: numbers are doubles, and what is not there is null. */
final class Json {
    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    private static final Json NULL = new Json(null);

    private final @Nullable Object value;

    private Json(@Nullable Object value) {
        this.value = value;
    }

    /**
     * Reads a value.
     *
     * @throws com.google.gson.JsonParseException if the text is anything else
     */
    static Json read(String text) {
        return new Json(GSON.fromJson(text, Object.class));
    }

    /** Writes maps, collections, texts, numbers, truth values and null; anything else as the text that it prints. */
    static String write(@Nullable Object value) {
        return GSON.toJson(plain(value));
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Json json) {
            return json.value;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> plain = new LinkedHashMap<>();
            map.forEach((name, each) -> plain.put(String.valueOf(name), plain(each)));
            return plain;
        }
        if (value instanceof Collection<?> items) {
            List<@Nullable Object> plain = new ArrayList<>();
            items.forEach(each -> plain.add(plain(each)));
            return plain;
        }
        return value.toString();
    }

    boolean isNull() {
        return value == null;
    }

    /** A field of an object. */
    Json get(String name) {
        return value instanceof Map<?, ?> map ? new Json(map.get(name)) : NULL;
    }

    List<Json> list() {
        return value instanceof List<?> items ? items.stream().map(Json::new).toList() : List.of();
    }

    String text() {
        return value instanceof String text ? text : String.valueOf(value);
    }

    @Nullable
    String textOrNull() {
        return value == null ? null : text();
    }

    double number() {
        if (value instanceof Double number) {
            return number;
        }
        throw new IllegalStateException("Not a number: " + this);
    }

    int integer() {
        return (int) number();
    }

    boolean truth() {
        return Boolean.TRUE.equals(value);
    }

    @Override
    public String toString() {
        return write(value);
    }
}
