package org.dhtrpc.testkit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page in a real browser, which has to be installed where CI is set. */
class ReportInBrowserTest {
    private static final Recording USUAL = Recordings.rich(42, 400, 4_000, 1);
    private static final Recording BETTER = Recordings.rich(43, 400, 4_000, 0.3);

    private static final Pattern FIGURE = Pattern.compile("(?s)<figure [^>]*data-picture=\"([^\"]+)\">(.*?)</figure>");
    private static final Pattern MARK = Pattern.compile("<(?:path d=\"M|rect |circle )");
    private static final List<String> PICTURES = List.of(
            "faults",
            "nodes",
            "churn",
            "success",
            "latency",
            "hops",
            "requests",
            "contacts",
            "stale",
            "buckets",
            "ring",
            "search",
            "sent",
            "stopped",
            "requests-made");

    /** Tells the page around it what sticks out, but for what may be scrolled, and which numbers are none. */
    private static final String MEASURE = """

            {
              const root = document.documentElement;
              const room = root.clientWidth;
              const out = [...document.body.querySelectorAll('*')]
                .filter((node) => !node.closest('.scroll > *, title, desc'))
                .filter((node) => node.getBoundingClientRect().right > room + 1)
                .map((node) => `${node.tagName} ${node.textContent.slice(0, 40)}`);
              const odd = [...document.querySelectorAll('svg, svg *')].flatMap((node) => [...node.attributes])
                .filter(({ name, value }) => /NaN|Infinity|undefined|null/.test(value)
                  || (/^(width|height|r|stroke-width)$/.test(name) && Number(value) < 0))
                .map(({ name, value }) => `${name} ${value.slice(0, 40)}`);
              parent.postMessage(JSON.stringify({ title: document.title, drawn: root.dataset.drawn,
                errors: root.dataset.errors, wide: root.scrollWidth > room, out, odd,
                failed: document.querySelectorAll('.checks .badge.bad').length }), '*');
            }
            """;

    /** Has something stick out. */
    private static final String WIDE = """

            document.title = 'wide';
            document.querySelector('h1').append(html('canvas', { width: 400 }), svg('svg', {}, svg('rect', { x: NaN })));
            """;

    /** Points at the middle of the picture of nodes. */
    private static final String POINT = """

            {
              const picture = document.querySelector('[data-picture=nodes] .head + svg');
              const box = picture.getBoundingClientRect();
              picture.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + box.width / 2, clientY: box.top + 9 }));
              document.documentElement.dataset.read =
                [...document.querySelectorAll('[data-picture=nodes] .value')].map((value) => value.textContent).join(' ');
            }
            """;

    private static Path folder;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "report")), "browser");
        browser = Browser.find(folder);
    }

    /** As far as it goes: a browser's last processes may still be at it. */
    @AfterAll
    static void clean() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((one, other) -> other.compareTo(one))
                    .forEach(file -> file.toFile().delete());
        }
    }

    private static Path page(String name, String html) throws IOException {
        return Files.writeString(folder.resolve(name + ".html"), html);
    }

    private static String with(String script, Recording... recordings) {
        Template loaded = Template.load();
        Template changed = new Template(loaded.page(), loaded.style(), loaded.watch(), loaded.script() + script);
        List<Summary> runs = Stream.of(recordings).map(Summary::of).toList();
        return changed.fill(Json.of(new Report.Data(runs)));
    }

    private static Map<String, Integer> marks(String dom) {
        Map<String, Integer> marks = new TreeMap<>();
        for (MatchResult figure : FIGURE.matcher(dom).results().toList()) {
            int count = (int) MARK.matcher(figure.group(2)).results().count();
            marks.merge(figure.group(1), count, Math::min);
        }
        return marks;
    }

    private static void assertDrawn(String dom) {
        assertThat(dom).contains("data-drawn=\"true\"");
        assertThat(dom.substring(0, dom.indexOf("<head>"))).doesNotContain("data-errors");
    }

    @Test
    void all_pictures_are_drawn_without_an_error() throws Exception {
        String dom = browser.dom(page("usual", with(POINT, USUAL)));
        assertDrawn(dom);
        assertThat(marks(dom))
                .containsOnlyKeys(PICTURES)
                .allSatisfy((name, count) -> assertThat(count).as(name).isPositive());
        assertThat(dom)
                .contains("<title>A cut, a crash and a fifth of liars</title>")
                .contains("1 check failed");
        assertThat(dom).containsPattern("data-read=\"\\d{3} \\d{3} \\d+\"");
    }

    @Test
    void a_comparison_has_both_runs_in_its_pictures_and_figures() throws Exception {
        String dom =
                browser.dom(page("compared", Report.comparing(USUAL, BETTER).toHtml()));
        assertDrawn(dom);
        assertThat(marks(dom)).containsOnlyKeys(PICTURES);
        for (MatchResult figure : FIGURE.matcher(dom).results().toList()) {
            if (!List.of("faults", "ring", "search").contains(figure.group(1))) {
                assertThat(figure.group(2)).as(figure.group(1)).containsPattern("class=\"[a-z]+ before");
                assertThat(figure.group(2)).as(figure.group(1)).containsPattern("class=\"[a-z]+ after");
            }
        }
        assertThat(dom)
                .contains("before \u2717 failed")
                .contains("after \u2713 held")
                .contains(">change<")
                .contains(" better<");
    }

    @Test
    void what_is_not_there_is_said_in_words() throws Exception {
        String dom = browser.dom(page("empty", Report.of(Recordings.empty()).toHtml()));
        assertDrawn(dom);
        assertThat(marks(dom)).isEmpty();
        assertThat(dom)
                .contains("Nothing was checked.", "No faults were planned.", "The network was never sampled.")
                .contains("There were no operations.", "No tables were looked at.", "No nodes were recorded.")
                .contains("No searches were recorded in detail.", "There is no scenario as text.");
    }

    @Test
    void nothing_sticks_out_on_a_phone_and_no_text_is_run() throws Exception {
        List<Path> pages = List.of(
                page("phone-1", with(MEASURE, USUAL)),
                page("phone-2", with(MEASURE, USUAL, BETTER)),
                page("phone-3", with(MEASURE, Recordings.hostile(7))),
                page("phone-4", with(MEASURE, Recordings.hostile(7), Recordings.hostile(8))),
                page("phone-5", with(MEASURE, Recordings.empty())),
                page("phone-6", with(MEASURE, Recordings.strange())),
                page("phone-7", with(MEASURE, Recordings.empty(), Recordings.strange())),
                page("wide", with(WIDE + MEASURE, Recordings.empty())));
        List<String> told = browser.framed(pages, 360);
        assertThat(told)
                .hasSameSizeAs(pages)
                .allSatisfy(
                        each -> assertThat(each).contains("\"drawn\":\"true\"").doesNotContain("\"errors\""));
        assertThat(told)
                .filteredOn(each -> each.contains("\"wide\":false,\"out\":[],\"odd\":[]"))
                .hasSize(pages.size() - 1)
                .anySatisfy(each -> assertThat(each).contains("\"title\":\"</script></SCRIPT ><script>"));
        assertThat(told)
                .as("a check that failed is not covered by one of the same name that held")
                .filteredOn(each -> each.contains("\"title\":\"Report of a run\""))
                .singleElement()
                .asString()
                .contains("\"failed\":1");
        assertThat(told)
                .as("what sticks out is seen")
                .filteredOn(each -> each.contains("\"title\":\"wide\""))
                .singleElement()
                .asString()
                .contains("\"wide\":true", "CANVAS", "x NaN");
    }

    @Test
    void an_error_would_be_seen() throws Exception {
        String broken =
                "\nsetTimeout(() => { throw new Error('one'); });\nPromise.reject(new Error('two'));\nnull.three;\n";
        String dom = browser.dom(page("broken", with(broken, Recordings.empty())));
        String root = dom.substring(0, dom.indexOf("<head>"));
        assertThat(root).contains("data-errors", "Error: one", "Error: two", "three");
    }

    @Test
    void a_script_that_is_not_the_pages_own_does_not_run() throws Exception {
        Template loaded = Template.load();
        String injected = loaded.page()
                .replace(
                        "<main",
                        "<img alt='' src='x.png'><script>document.documentElement.dataset.ran=1</script><main");
        Template template = new Template(injected, loaded.style(), loaded.watch(), loaded.script());
        String json = Json.of(new Report.Data(List.of(Summary.of(Recordings.empty()))));
        String dom = browser.dom(page("injected", template.fill(json)));
        String root = dom.substring(0, dom.indexOf("<head>"));
        assertThat(root)
                .contains("data-drawn", "script-src-elem: inline", "img-src")
                .doesNotContain("data-ran");
    }

    @Test
    void it_is_light_or_dark_as_its_reader_likes() throws Exception {
        Path page = page("seen", Report.of(USUAL).toHtml());
        Png light = Png.read(browser.screenshot(page, folder.resolve("light.png"), 1280, 1400, false));
        Png dark = Png.read(browser.screenshot(page, folder.resolve("dark.png"), 1280, 1400, true));
        assertThat(light.brightness()).isGreaterThan(0.85);
        assertThat(dark.brightness()).isLessThan(0.25);
        assertThat(Stream.of(light, dark)).allSatisfy(image -> {
            assertThat(image.width()).isEqualTo(1280);
            assertThat(image.height()).isEqualTo(1400);
            assertThat(image.colours()).isGreaterThan(200);
        });
    }
}
