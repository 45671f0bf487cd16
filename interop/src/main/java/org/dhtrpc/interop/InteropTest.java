package org.dhtrpc.interop;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the cases one after the other, and says of each whether it works. */
@Command(
        name = "interop-test",
        description = "Runs our nodes and those of npm dht-rpc in one network, on this machine.",
        sortOptions = false)
public final class InteropTest implements Callable<Integer> {
    @Option(names = "--only", paramLabel = "TEXT", description = "Only cases whose names have this text in them.")
    private String only = "";

    @Option(names = "--list", description = "Say which cases there are, and run none.")
    private boolean list;

    @Option(names = "--agents", hidden = true, description = "Where agent.js is.")
    private Path agents = Path.of("interop/js");

    @Spec
    private CommandSpec program = CommandSpec.create();

    private volatile @Nullable Lab open;

    /** Ends with status 0 if every case works, with 1 if one does not, with 2 if there was nothing to run. */
    public static void main(String... args) {
        CommandLine program = new CommandLine(new InteropTest());
        program.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
        System.exit(program.execute(args));
    }

    @Override
    public Integer call() {
        PrintWriter out = program.commandLine().getOut();
        List<InteropCase> cases = InteropCase.all().stream()
                .filter(each -> each.name().contains(only))
                .toList();
        if (cases.isEmpty()) {
            program.commandLine().getErr().println("No case has '" + only + "' in its name; --list names them");
            return CommandLine.ExitCode.USAGE;
        }
        if (list) {
            cases.forEach(each -> out.println(each.name()));
            return CommandLine.ExitCode.OK;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::abandon, "abandon"));
        long start = System.nanoTime();
        int failed = 0;
        for (InteropCase each : cases) {
            failed += passes(each, out) ? 0 : 1;
        }
        out.printf("%d passed, %d failed, in %.0f s%n", cases.size() - failed, failed, seconds(start));
        return failed == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private boolean passes(InteropCase each, PrintWriter out) {
        long start = System.nanoTime();
        Throwable failure = null;
        String notes;
        try (Lab lab = new Lab(each.wire(), agents)) {
            open = lab;
            failure = failure(each, lab);
            notes = lab.notes();
        }
        open = null;
        out.printf(
                "%s %5.1f s  %s%s%n",
                failure == null ? "PASS" : "FAIL", seconds(start), each.name(), notes.isEmpty() ? "" : ": " + notes);
        if (failure != null) {
            out.println("             " + failure);
            where(failure, out);
        }
        out.flush();
        return failure == null;
    }

    /** Runs a case on a thread of its own, so that it can be given up; returns what it failed with. */
    private static @Nullable Throwable failure(InteropCase each, Lab lab) {
        CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
        Thread body = new Thread(
                () -> {
                    try {
                        each.body().run(lab);
                        end.complete(null);
                    } catch (Throwable e) {
                        end.completeExceptionally(e);
                    }
                },
                "case");
        body.start();
        try {
            end.get(each.deadline().toSeconds(), TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            AssertionError late =
                    new AssertionError("Not done after " + each.deadline().toSeconds() + " s");
            late.setStackTrace(body.getStackTrace());
            body.interrupt();
            return late;
        } catch (InterruptedException e) {
            return Lab.outOfTime();
        }
    }

    /** The lines of the case that led there. */
    private static void where(Throwable failure, PrintWriter out) {
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frame.getClassName().startsWith("org.dhtrpc.interop")
                    && !frame.getMethodName().equals("await")) {
                out.println("             at " + frame.getFileName() + ":" + frame.getLineNumber() + " "
                        + frame.getMethodName());
            }
        }
    }

    /** On Ctrl-C: the agents would end with us, but only when they have read all that they were told. */
    private void abandon() {
        Lab lab = open;
        if (lab != null) {
            lab.agent.close();
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
