package org.dhtrpc.natlab;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** All tries of one cell. */
record Row(Cell cell, List<Attempt> attempts) {
    int tries() {
        return attempts.size();
    }

    int direct() {
        return count(Attempt::direct);
    }

    int relayed() {
        return count(Attempt::relayed);
    }

    private int count(Predicate<Attempt> which) {
        return (int) attempts.stream().filter(which).count();
    }

    /** The milliseconds of the tries that succeeded. */
    List<Double> ms() {
        return attempts.stream().filter(Attempt::connected).map(Attempt::ms).toList();
    }

    /** The paths that were found, each once. */
    String path() {
        return each(Attempt::path);
    }

    /** Why tries have failed, each reason once. */
    String reason() {
        return each(Attempt::reason);
    }

    private String each(Function<Attempt, String> word) {
        return attempts.stream()
                .map(word)
                .filter(found -> !found.isEmpty())
                .collect(Collectors.collectingAndThen(
                        Collectors.toCollection(TreeSet::new), (Collection<String> words) -> String.join(",", words)));
    }

    /** Whether what came of it is what has to. */
    boolean met() {
        return switch (cell.expected()) {
            case DIRECT -> direct() == tries();
            case CONNECTED -> direct() + relayed() == tries();
            case UNREACHABLE -> attempts.stream().noneMatch(Attempt::connected);
            case BLOCKED ->
                attempts.stream().allMatch(each -> each.reason().equals("UDP_BLOCKED") && each.ms() < Cell.BLOCKED_MS);
        };
    }
}
