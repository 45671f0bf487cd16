package org.dhtrpc.testkit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be said of the page without a browser. */
class ReportTest {
    private static final Pattern TAG = Pattern.compile("<(?=[a-zA-Z/!?])[^>]*>");

    private static List<String> tags(String html) {
        return TAG.matcher(html).results().map(found -> found.group()).toList();
    }

    @Test
    void the_page_refers_to_nothing_outside() {
        String html = Report.of(Recordings.rich(1, 100, 500, 1)).toHtml();
        assertThat(html.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("://")
                .doesNotContain("@import");
        assertThat(html).doesNotContainPattern("\\s(src|href|srcset)=").doesNotContain("url(");
        assertThat(html).contains("default-src 'none'");
    }

    @Test
    void no_text_of_a_recording_becomes_markup() {
        List<String> plain = tags(Report.of(Recordings.empty()).toHtml());
        assertThat(tags(Report.of(Recordings.hostile(2)).toHtml())).isEqualTo(plain);
        Report comparison = Report.comparing(Recordings.hostile(2), Recordings.hostile(3));
        assertThat(tags(comparison.toHtml())).isEqualTo(plain);
        Template template = Template.load();
        assertThat(template.style()).doesNotContainIgnoringCase("</style");
        assertThat(template.watch() + template.script())
                .doesNotContainIgnoringCase("</script")
                .doesNotContain("<!--");
    }

    @Test
    void a_run_of_ten_thousand_nodes_takes_less_than_half_a_megabyte() {
        Recording large = Recordings.rich(3, 10_000, 100_000, 1);
        assertThat(Report.of(large).toHtml()).hasSizeLessThan(500_000);
    }

    @Test
    void the_same_recording_makes_the_same_file(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.html");
        Report.of(Recordings.hostile(4)).write(file);
        assertThat(Files.readString(file))
                .isEqualTo(Report.of(Recordings.hostile(4)).toHtml());
        Report.of(Recordings.empty()).write(file);
        assertThat(Files.readString(file))
                .isEqualTo(Report.of(Recordings.empty()).toHtml());
    }

    @Test
    void where_nothing_can_be_written_the_error_says_so(@TempDir Path folder) {
        Path file = folder.resolve("missing").resolve("report.html");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Report.of(Recordings.empty()).write(file))
                .withMessageContaining(file.toString());
    }
}
