package org.dhtrpc.testkit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chromium without a window, one process for each look at a page. */
final class Browser {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final int DEADLINE_SECONDS = 60;

    private final Path program;
    private final Path folder;

    private Browser(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /** @param folder for what it leaves behind */
    static Browser find(Path folder) {
        Optional<Path> program = NAMES.stream()
                .flatMap(name -> Stream.of(path().split(File.pathSeparator, -1)).map(part -> Path.of(part, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            String missing = "None of " + NAMES + " is installed, so no report is looked at";
            assertThat(System.getenv("CI")).as(missing).isNull();
            assumeTrue(false, missing);
        }
        return new Browser(program.orElseThrow(), folder);
    }

    private static String path() {
        String path = System.getenv("PATH");
        return path == null ? "" : path;
    }

    /** The page as it is once its scripts have run. */
    String dom(Path page) throws IOException, InterruptedException {
        return run(page, "--window-size=1280,900", "--dump-dom");
    }

    /** A page with that page in a frame of this width: what the one inside told it is in an attribute. */
    String framed(Path page, int width) throws IOException, InterruptedException {
        return run(frame(page, width, 900), "--window-size=600,900", "--dump-dom");
    }

    Path screenshot(Path page, Path image, int width, int height, boolean dark)
            throws IOException, InterruptedException {
        Path shown = width < 500 ? frame(page, width, height) : page;
        // Blink's numbers: 0 is dark, 1 is light.
        run(
                shown,
                "--window-size=" + width + "," + height,
                "--hide-scrollbars",
                "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1),
                "--screenshot=" + image.toAbsolutePath());
        return image;
    }

    Path print(Path page, Path pdf) throws IOException, InterruptedException {
        run(page, "--no-pdf-header-footer", "--print-to-pdf=" + pdf.toAbsolutePath());
        return pdf;
    }

    private Path frame(Path page, int width, int height) throws IOException {
        Path frame = folder.resolve("frame-" + width + "-" + page.getFileName());
        // No window of its own can be narrower than some 500 pixels; a frame can.
        String text = String.format(
                """
                <!doctype html><body style='margin:0'>
                <iframe src='%s' style='border:0;display:block;width:%dpx;height:%dpx'></iframe>
                <script>addEventListener('message',e=>document.body.dataset.told=e.data)</script>
                """,
                page.toUri(), width, height);
        return Files.writeString(frame, text);
    }

    private String run(Path page, String... options) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--user-data-dir=" + folder.resolve("profile")));
        command.addAll(Arrays.asList(options));
        command.add(page.toUri().toString());
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends: %s", command, Files.readString(err, StandardCharsets.ISO_8859_1))
                    .isTrue();
        } finally {
            end(process);
        }
        assertThat(process.exitValue())
                .as("%s: %s", command, Files.readString(err, StandardCharsets.ISO_8859_1))
                .isZero();
        return Files.readString(out);
    }

    private static void end(@Nullable Process process) {
        if (process != null && process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
