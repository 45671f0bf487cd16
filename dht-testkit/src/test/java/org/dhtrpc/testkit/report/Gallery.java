package org.dhtrpc.testkit.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes reports about runs that never were, and pictures of them, into a folder: to look at them. */
final class Gallery {
    private Gallery() {}

    public static void main(String... args) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(args.length > 0 ? args[0] : "target/report"));
        Browser browser = Browser.find(Files.createTempDirectory("gallery"));
        Recording usual = Recordings.rich(42, 400, 6_000, 1);
        show(browser, folder, "run", Report.of(usual));
        show(browser, folder, "compared", Report.comparing(usual, Recordings.rich(43, 400, 6_000, 0.3)));
        show(browser, folder, "large", Report.of(Recordings.rich(44, 10_000, 100_000, 1)));
        show(browser, folder, "hostile", Report.of(Recordings.hostile(45)));
        show(browser, folder, "strange", Report.of(Recordings.strange()));
        show(browser, folder, "empty", Report.of(Recordings.empty()));
    }

    private static void show(Browser browser, Path folder, String name, Report report)
            throws IOException, InterruptedException {
        Path page = folder.resolve(name + ".html");
        report.write(page);
        System.out.println(page + ": " + Files.size(page) + " bytes");
        browser.screenshot(page, folder.resolve(name + ".png"), 1280, 6_400, false);
        browser.screenshot(page, folder.resolve(name + "-dark.png"), 1280, 6_400, true);
        browser.screenshot(page, folder.resolve(name + "-phone.png"), 390, 8_000, false);
        browser.print(page, folder.resolve(name + ".pdf"));
    }
}
