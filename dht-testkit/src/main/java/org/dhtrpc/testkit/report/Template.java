package org.dhtrpc.testkit.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page without its data. Its policy (Content Security Policy 3) names the hashes of its own style and scripts: a browser
 * runs nothing else, whatever the data says, and fetches nothing.
 *
 * @param page HTML with the names of the parts in braces
 * @param style what it looks like
 * @param watch a script that runs first and takes note of errors in the other one
 * @param script what draws the data
 */
record Template(String page, String style, String watch, String script) {
    /** One after the other, since each uses what the ones before it declare. */
    private static final List<String> SCRIPTS =
            List.of("svg.js", "time.js", "shapes.js", "ring.js", "searches.js", "report.js");

    private static final Pattern PART = Pattern.compile("\\{(policy|style|watch|script|data)}");

    static Template load() {
        String script = SCRIPTS.stream().map(Template::read).collect(Collectors.joining());
        return new Template(read("report.html"), read("report.css"), read("watch.js"), script);
    }

    /** @param data JSON that needs no escaping in a script */
    String fill(String data) {
        Map<String, String> parts =
                Map.of("policy", policy(), "style", style, "watch", watch, "script", script, "data", data);
        return PART.matcher(page)
                .replaceAll(match -> Matcher.quoteReplacement(Objects.requireNonNull(parts.get(match.group(1)))));
    }

    private String policy() {
        return "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " + hash(style) + "; script-src "
                + hash(watch) + " " + hash(script);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static String read(String name) {
        try (InputStream in = Template.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("No resource " + name + " beside " + Template.class);
            }
            // As browsers do before they hash: a checkout may have lines that end in another way.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
