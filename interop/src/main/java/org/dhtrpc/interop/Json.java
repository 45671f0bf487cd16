package org.dhtrpc.interop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A value of JSON, as far as the agents need it: numbers are doubles, and what is not there is null. */
final class Json {
    private static final Json NULL = new Json(null);

    private final @Nullable Object value;

    private Json(@Nullable Object value) {
        this.value = value;
    }

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    static Json read(String text) {
        Reader reader = new Reader(text);
        Json json = reader.value();
        reader.end();
        return json;
    }

    /** Writes maps, collections, texts, numbers, truth values and null; anything else as the text that it prints. */
    static String write(@Nullable Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        if (value instanceof Json json) {
            return write(json.value);
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> quoted(String.valueOf(entry.getKey())) + ":" + write(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Collection<?> items) {
            return items.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
        }
        return quoted(value.toString());
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(each -> {
            if (each < ' ' || each == '"' || each == '\\') {
                quoted.append(String.format("\\u%04x", each));
            } else {
                quoted.append((char) each);
            }
        });
        return quoted.append('"').toString();
    }

    boolean isNull() {
        return value == null;
    }

    /** A field of an object. */
    Json get(String name) {
        return value instanceof Map<?, ?> map && map.get(name) instanceof Json field ? field : NULL;
    }

    List<Json> list() {
        return value instanceof List<?> items
                ? items.stream().map(Json.class::cast).toList()
                : List.of();
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

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Json value() {
            return switch (peek()) {
                case '{' -> object();
                case '[' -> array();
                case '"' -> new Json(string());
                case 't' -> word("true", new Json(true));
                case 'f' -> word("false", new Json(false));
                case 'n' -> word("null", NULL);
                default -> number();
            };
        }

        void end() {
            if (at < text.length()) {
                throw unexpected();
            }
        }

        private Json object() {
            Map<String, Json> fields = new LinkedHashMap<>();
            take('{');
            while (peek() != '}') {
                String name = string();
                take(':');
                fields.put(name, value());
                if (peek() != '}') {
                    take(',');
                }
            }
            take('}');
            return new Json(fields);
        }

        private Json array() {
            List<Json> items = new ArrayList<>();
            take('[');
            while (peek() != ']') {
                items.add(value());
                if (peek() != ']') {
                    take(',');
                }
            }
            take(']');
            return new Json(items);
        }

        private String string() {
            StringBuilder string = new StringBuilder();
            take('"');
            while (peek() != '"') {
                char next = text.charAt(at++);
                string.append(next == '\\' ? escaped() : next);
            }
            take('"');
            return string.toString();
        }

        private char escaped() {
            char code = peek();
            at++;
            return switch (code) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'u' -> {
                    at += 4;
                    yield (char) Integer.parseInt(text, at - 4, Math.min(at, text.length()), 16);
                }
                default -> code;
            };
        }

        private Json number() {
            int start = at;
            while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            if (at == start) {
                throw unexpected();
            }
            return new Json(Double.valueOf(text.substring(start, at)));
        }

        private Json word(String word, Json meaning) {
            if (!text.startsWith(word, at)) {
                throw unexpected();
            }
            at += word.length();
            return meaning;
        }

        private char peek() {
            if (at >= text.length()) {
                throw unexpected();
            }
            return text.charAt(at);
        }

        private void take(char expected) {
            if (peek() != expected) {
                throw unexpected();
            }
            at++;
        }

        private IllegalArgumentException unexpected() {
            return new IllegalArgumentException("No JSON as JSON.stringify writes it, at " + at + " of: " + text);
        }
    }
}
