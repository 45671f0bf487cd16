package org.dhtrpc.testkit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-f]{4})|([\"\\\\]))");

    record Point(String name, @Nullable Duration at, Place.Kind kind, List<Object> values) {}

    private static String read(String json) {
        Matcher escapes = ESCAPE.matcher(json.substring(1, json.length() - 1));
        return escapes.replaceAll(found -> Matcher.quoteReplacement(
                found.group(1) == null ? found.group(2) : String.valueOf((char) Integer.parseInt(found.group(1), 16))));
    }

    @Test
    void a_record_is_an_object_with_its_components_in_their_order() {
        Point point = new Point("p", Duration.ofMillis(1_500), Place.Kind.OPEN, List.of(1, 2L, true, List.of()));
        assertThat(Json.of(point)).isEqualTo("{\"name\":\"p\",\"at\":1.5,\"kind\":\"open\",\"values\":[1,2,true,[]]}");
        assertThat(Json.of(new Point("", null, Place.Kind.GONE, List.of())))
                .isEqualTo("{\"name\":\"\",\"at\":null,\"kind\":\"gone\",\"values\":[]}");
    }

    @Test
    void numbers_have_seven_digits_and_what_is_none_is_null() {
        List<Double> numbers = Arrays.asList(
                0.0, -0.0, 1.0, -12.0, 0.1, 1 / 3.0, 123_456.789, 1e-9, 1e300, Double.NaN, Double.POSITIVE_INFINITY);
        assertThat(Json.of(numbers)).isEqualTo("[0,0,1,-12,0.1,0.3333333,123456.8,1E-9,1E+300,null,null]");
        assertThat(Json.of(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
        assertThat(Json.of(Duration.ofNanos(1_234_567_890))).isEqualTo("1.234568");
    }

    @Test
    void no_text_can_end_the_script_that_it_stands_in() {
        assertThat(Json.of("</script>")).isEqualTo("\"\\u003c/script\\u003e\"");
        assertThat(Json.of("<!--&\u2028\u2029")).isEqualTo("\"\\u003c!--\\u0026\\u2028\\u2029\"");
        assertThat(Json.of("\ud800")).isEqualTo("\"\\ud800\"");
        assertThat(Json.of("\"\\")).isEqualTo("\"\\\"\\\\\"");
    }

    @Test
    void any_text_comes_back_and_is_printable_ascii_meanwhile() {
        Seeded.rounds(200, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x1_0000));
            }
            String json = Json.of(text.toString());
            assertThat(json).matches("[ -~]*").doesNotContainPattern("[<>&]");
            assertThat(read(json)).isEqualTo(text.toString());
        });
        assertThat(read(Json.of(Recordings.HOSTILE))).isEqualTo(Recordings.HOSTILE);
    }

    @Test
    void enums_are_in_small_letters_whatever_the_language() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Json.of(Place.Kind.HIDDEN)).isEqualTo("\"hidden\"");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void what_it_does_not_know_it_refuses() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of(new Object()))
                .withMessageContaining("java.lang.Object");
    }
}
