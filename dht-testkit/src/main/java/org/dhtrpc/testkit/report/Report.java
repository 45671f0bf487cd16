package org.dhtrpc.testkit.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A recording as one HTML file: verdicts, figures, and pictures of faults, churn, latency, hops, requests, tables, the ring of
 * ids, the most remarkable searches and traffic. It needs a browser with scripts and nothing else: no network, no library, no
 * font. Some hundred kilobytes, however many operations there were.
 *
 * <pre>{@code
 * Report.of(recording).write(Path.of("report.html"));
 * }</pre>
 *
 * <p>Operations are shown as distributions, and neighbouring samples together where there are more than 360. Of more than 100
 * faults, 12 searches, 100 requests of one or 200 checks it shows the first, and says how many more there are; of more than
 * 20,000 nodes every so many. Long texts are cut.
 *
 * <p>The same recordings make the same file. No text in them can become markup or a script.
 */
public final class Report {
    /** What the page knows: one recording, or one before and one after. */
    record Data(List<Summary> runs) {}

    private final String html;

    private Report(List<Recording> recordings) {
        List<Summary> runs = recordings.stream().map(Summary::of).toList();
        html = Template.load().fill(Json.of(new Data(runs)));
    }

    /** A report about one run. */
    public static Report of(Recording recording) {
        return new Report(List.of(recording));
    }

    /** A report about two runs, with both in every picture, and the figures side by side. */
    public static Report comparing(Recording before, Recording after) {
        return new Report(List.of(before, after));
    }

    /** The page. */
    public String toHtml() {
        return html;
    }

    /**
     * Writes the page, in UTF-8, over whatever the file was before.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public void write(Path file) {
        try {
            Files.writeString(file, html);
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be written to " + file, e);
        }
    }
}
