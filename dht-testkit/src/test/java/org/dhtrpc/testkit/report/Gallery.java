package org.dhtrpc.testkit.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Pictures of reports, to look at them: of the files named, each beside its file, or of runs that never were, in
 * {@code target/report}. A program of its own, on the class path of the tests.
 */
final class Gallery {
    private static final int TALL = 6_400;

    private Gallery() {}

    public static void main(String... files) throws IOException, InterruptedException {
        List<Path> pages = files.length > 0 ? Stream.of(files).map(Path::of).toList() : samples();
        Browser browser = Browser.find(Files.createTempDirectory("gallery"));
        for (Path page : pages) {
            System.out.println(page + ": " + Files.size(page) + " bytes");
            browser.screenshot(page, beside(page, ".png"), 1280, TALL, false);
            browser.screenshot(page, beside(page, "-dark.png"), 1280, TALL, true);
            browser.screenshot(page, beside(page, "-phone.png"), 390, TALL, false);
            browser.print(page, beside(page, ".pdf"));
        }
    }

    private static Path beside(Path page, String ending) {
        return page.resolveSibling(page.getFileName().toString().replaceFirst("\\.html$", "") + ending);
    }

    private static List<Path> samples() throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "report"));
        Recording usual = Recordings.rich(42, 400, 6_000, 1);
        return List.of(
                write(folder.resolve("run.html"), Report.of(usual)),
                write(folder.resolve("compared.html"), Report.comparing(usual, Recordings.rich(43, 400, 6_000, 0.3))),
                write(folder.resolve("large.html"), Report.of(Recordings.rich(44, 10_000, 100_000, 1))),
                write(folder.resolve("hostile.html"), Report.of(Recordings.hostile(45))),
                write(folder.resolve("strange.html"), Report.of(Recordings.strange())),
                write(folder.resolve("empty.html"), Report.of(Recordings.empty())));
    }

    private static Path write(Path page, Report report) {
        report.write(page);
        return page;
    }
}
