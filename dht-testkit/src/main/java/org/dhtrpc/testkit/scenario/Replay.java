package org.dhtrpc.testkit.scenario;

import java.lang.StackWalker.StackFrame;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a scenario is run again.
 *
 * @param name of the test or the experiment
 * @param command with %s for the name of the file
 */
record Replay(String name, String command) {
    /** Annotations of annotations may go round in circles. */
    private static final int HANDS = 4;

    /** With the caller's command, or else Maven's for the test that is being run. */
    static Replay of(@Nullable String given, Class<?> experiment) {
        Optional<String> test = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.filter(Replay::isTest).findFirst().map(Replay::name));
        String name = test.orElseGet(() -> last(experiment.getName()));
        if (given != null) {
            return new Replay(name, given);
        }
        return test.map(found -> new Replay(name, "mvn test -Dtest=" + quoted(found) + " -D" + Sweep.SCENARIO + "=%s"))
                .orElseGet(() -> new Replay(name, "the same program with -D" + Sweep.SCENARIO + "=%s"));
    }

    private static String name(StackFrame frame) {
        return last(frame.getClassName()) + "#" + frame.getMethodName();
    }

    private static String last(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private static boolean isTest(StackFrame frame) {
        try {
            return Arrays.stream(frame.getDeclaringClass()
                            .getDeclaredMethod(
                                    frame.getMethodName(), frame.getMethodType().parameterArray())
                            .getAnnotations())
                    .anyMatch(annotation -> marksTest(annotation.annotationType(), HANDS));
        } catch (NoSuchMethodException | LinkageError e) {
            // A constructor, or of a class that lacks others.
            return false;
        }
    }

    /** Jupiter's annotations are marked with another of JUnit's platform, some at second hand; older ones are just called so. */
    private static boolean marksTest(Class<? extends Annotation> type, int hands) {
        return type.getSimpleName().equals("Test")
                || type.getSimpleName().equals("Testable")
                || (hands > 0
                        && Arrays.stream(type.getAnnotations())
                                .anyMatch(meta -> marksTest(meta.annotationType(), hands - 1)));
    }

    /** The file for the scenario of this seed. */
    Path file(Path folder, long seed) {
        return folder.resolve(name.replaceAll("[^A-Za-z0-9_.-]", ".") + "-" + seed + ".txt");
    }

    String command(Path file) {
        return command.replace("%s", quoted(file.toAbsolutePath().normalize().toString()));
    }

    /** As a shell takes it for one word. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:#=+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
