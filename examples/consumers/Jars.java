import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Prints the jars of a class path with their bytes, and fails unless the table of README.md has the same ones.
 *
 * <p>Called with the consumer's name and its class path. A size of the table, in units of 1,000 bytes, may be off by a
 * quarter or 5: code changes every day, and whoever chooses modules asks whether it is 20 or 3,000.
 */
class Jars {
    private static final Path README = Path.of("../../../README.md");
    private static final Pattern VERSION = Pattern.compile("-\\d[^/\\\\]*\\.jar$");
    private static final Pattern CELL = Pattern.compile("([\\w.-]+) ([\\d,]+)");

    public static void main(String[] args) throws IOException {
        Map<String, Long> jars = jars(args[1]);
        jars.forEach((name, bytes) -> System.out.printf("%,10d  %s%n", bytes, name));
        String row = row(args[0], jars);
        System.out.println(row);
        Map<String, Long> told = told(args[0]);
        if (!told.keySet().equals(jars.keySet())
                || !jars.keySet().stream().allMatch(name -> near(told.get(name), thousands(jars.get(name))))) {
            System.err.println("README.md has another row for " + args[0] + ": put the one above into its table");
            System.exit(1);
        }
    }

    /** Bytes by name, without the version; ours first, and in the order of the class path otherwise. */
    private static Map<String, Long> jars(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .map(File::new)
                .filter(file -> file.getName().endsWith(".jar"))
                .sorted((one, other) -> Boolean.compare(ours(other), ours(one)))
                .collect(Collectors.toMap(
                        file -> VERSION.matcher(file.getName()).replaceFirst(""),
                        File::length,
                        Long::sum,
                        LinkedHashMap::new));
    }

    private static boolean ours(File jar) {
        return jar.getName().startsWith("dht-");
    }

    private static String row(String consumer, Map<String, Long> jars) {
        String cell = jars.entrySet().stream()
                .map(jar -> "%s %,d".formatted(jar.getKey(), thousands(jar.getValue())))
                .collect(Collectors.joining(" · "));
        long total = jars.values().stream().mapToLong(Long::longValue).sum();
        return "%s %s | %,d |".formatted(start(consumer), cell, thousands(total));
    }

    private static String start(String consumer) {
        return "| [%s](examples/consumers/%1$s) |".formatted(consumer);
    }

    private static Map<String, Long> told(String consumer) throws IOException {
        return Files.readAllLines(README).stream()
                .filter(line -> line.startsWith(start(consumer)))
                .flatMap(line ->
                        CELL.matcher(line.substring(start(consumer).length())).results())
                .collect(Collectors.toMap(jar -> jar.group(1), Jars::size));
    }

    private static long size(MatchResult jar) {
        return Long.parseLong(jar.group(2).replace(",", ""));
    }

    private static long thousands(long bytes) {
        return Math.max(1, Math.round(bytes / 1e3));
    }

    private static boolean near(long told, long is) {
        return Math.abs(told - is) <= Math.max(5, is / 4);
    }
}
