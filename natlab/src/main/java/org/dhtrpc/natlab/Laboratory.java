package org.dhtrpc.natlab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A laboratory of the script {@code natlab/natlab}, which is up for as long as this is open. */
final class Laboratory implements AutoCloseable {
    /** Where the nodes of public hosts are bound. */
    static final int PORT = 49_737;

    private static final Pattern PUBLIC = Pattern.compile("p\\d+");

    private final Path script;
    private final String name;
    private Map<String, String> environment = Map.of();

    private Laboratory(Path script, String name) {
        this.script = script;
        this.name = name;
    }

    /** Builds one from a configuration, by the name of its file. */
    static Laboratory up(Path script, String name, String config) {
        Laboratory lab = new Laboratory(script, name);
        lab.run("up", config);
        lab.environment = environment(lab.run("env"));
        return lab;
    }

    /** What {@code natlab env} prints, lines of {@code NAME=VALUE}; values with blanks are quoted. */
    static Map<String, String> environment(String text) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                all.put(line.substring(0, equals), line.substring(equals + 1).replace("'", ""));
            }
        }
        return all;
    }

    /** The NAT before a host. */
    static String nat(String host) {
        return host.replaceFirst("_h\\d+$", "");
    }

    String address(String host) {
        return known("NATLAB_IP_" + host);
    }

    /** All addresses of a public host that has several. */
    List<String> addresses(String host) {
        return List.of(known("NATLAB_IPS_" + host).split(" "));
    }

    /** The address by which the internet knows a host. */
    String publicAddress(String host) {
        return known("NATLAB_PUBLIC_" + host);
    }

    /** The kind of its NAT. */
    String type(String host) {
        return known("NATLAB_TYPE_" + host);
    }

    private String known(String variable) {
        String value = environment.get(variable);
        if (value == null) {
            throw new IllegalArgumentException("The laboratory has no " + variable);
        }
        return value;
    }

    /** The public hosts, in the order of their names. */
    List<String> publicHosts() {
        return environment.keySet().stream()
                .map(each -> each.replaceFirst("^NATLAB_IP_", ""))
                .filter(each -> PUBLIC.matcher(each).matches())
                .sorted()
                .toList();
    }

    /** The hosts behind NATs. */
    List<String> privateHosts() {
        return environment.keySet().stream()
                .filter(each -> each.startsWith("NATLAB_TYPE_"))
                .map(each -> each.substring("NATLAB_TYPE_".length()))
                .toList();
    }

    /** Has the routers before these hosts forget all mappings. */
    void flush(String... hosts) {
        run(Stream.concat(
                        Stream.of("flush"),
                        Stream.of(hosts).map(Laboratory::nat).distinct())
                .toArray(String[]::new));
    }

    /** Runs a command of the script, and returns what it prints; what fails ends the whole test. */
    String run(String... words) {
        Output output = attempt(words);
        if (output.status() != 0) {
            throw new IllegalStateException(
                    "natlab " + String.join(" ", words) + ": " + output.text().strip());
        }
        return output.text();
    }

    /** Runs a program on a host, for at most so many seconds. */
    Output exec(String host, int seconds, String... program) {
        List<String> words = new ArrayList<>(List.of("exec", "-t", String.valueOf(seconds), host));
        words.addAll(List.of(program));
        return attempt(words.toArray(String[]::new));
    }

    private Output attempt(String... words) {
        try {
            Process process = new ProcessBuilder(command(words))
                    .redirectInput(Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Output(process.waitFor(), printed);
        } catch (IOException e) {
            throw new UncheckedIOException(script + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /** How a program has ended, and what it has printed. */
    record Output(int status, String text) {}

    /** How a command of the script is called. */
    List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(script.toString(), "-n", name));
        command.addAll(List.of(words));
        return command;
    }

    @Override
    public void close() {
        run("down");
    }
}
