package org.dhtrpc.testkit.report;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Records of this package as JSON (RFC 8259): components by their names, durations as seconds, enums in small letters, numbers
 * that are none as null.
 *
 * <p>The text can stand between the tags of an HTML script: it is printable ASCII without angle brackets and ampersands, which
 * are escaped, as halves of surrogate pairs are that have lost the other one.
 */
final class Json {
    /** What a picture can show, and more. */
    private static final MathContext DIGITS = new MathContext(7);

    private static final double WHOLE = 1e15;

    private final StringBuilder text = new StringBuilder();

    private Json() {}

    /** @param value a record, a list, a string, a number, a boolean, a duration, an enum, or null */
    static String of(@Nullable Object value) {
        Json json = new Json();
        json.write(value);
        return json.text.toString();
    }

    private void write(@Nullable Object value) {
        if (value == null) {
            text.append("null");
        } else if (value instanceof String string) {
            string(string);
        } else if (value instanceof Enum<?> constant) {
            string(constant.name().toLowerCase(Locale.ROOT));
        } else if (value instanceof Duration duration) {
            number(duration.getSeconds() + duration.getNano() / 1e9);
        } else if (value instanceof Double number) {
            number(number);
        } else if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            text.append(value);
        } else if (value instanceof List<?> values) {
            list(values);
        } else if (value instanceof Record fields) {
            object(fields);
        } else {
            throw new IllegalArgumentException("Not written as JSON: " + value.getClass());
        }
    }

    private void number(double value) {
        if (!Double.isFinite(value)) {
            text.append("null");
        } else if (value == Math.rint(value) && Math.abs(value) < WHOLE) {
            text.append((long) value);
        } else {
            text.append(new BigDecimal(value).round(DIGITS).stripTrailingZeros());
        }
    }

    private void list(List<?> values) {
        text.append('[');
        String comma = "";
        for (Object value : values) {
            text.append(comma);
            write(value);
            comma = ",";
        }
        text.append(']');
    }

    private void object(Record fields) {
        text.append('{');
        String comma = "";
        for (RecordComponent component : fields.getClass().getRecordComponents()) {
            text.append(comma);
            string(component.getName());
            text.append(':');
            write(value(fields, component));
            comma = ",";
        }
        text.append('}');
    }

    private static @Nullable Object value(Record fields, RecordComponent component) {
        try {
            return component.getAccessor().invoke(fields);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " of " + fields.getClass() + " cannot be read", e);
        }
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c > '~' || c == '<' || c == '>' || c == '&') {
                text.append("\\u").append(Integer.toHexString(0x1_0000 | c), 1, 5);
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
