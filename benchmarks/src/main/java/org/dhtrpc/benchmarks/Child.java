package org.dhtrpc.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Endpoint;

/**
 * The other end in a process of its own: the same JVM with the same options. It says its address, then what it has used
 * whenever it is asked, and ends with its standard input, so that it outlives nobody.
 */
final class Child implements AutoCloseable {
    private final Process process;
    private final Writer questions;
    private final BufferedReader answers;

    private Child(Process process) {
        this.process = process;
        this.questions = process.outputWriter(UTF_8);
        this.answers = process.inputReader(UTF_8);
    }

    /** Runs {@link Benchmarks} with these arguments, one of which makes it {@link #serve}. */
    static Child start(List<String> arguments) throws IOException {
        return new Child(command(arguments).start());
    }

    /** This JVM with these arguments for {@link Benchmarks}; what it complains of goes where ours does. */
    static ProcessBuilder command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Benchmarks.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    }

    /** The child's side: returns when the parent has closed its side, or is gone. */
    static void serve(Endpoint address, BufferedReader questions, Appendable answers) throws IOException {
        answers.append(address + "\n");
        while (questions.readLine() != null) {
            answers.append(Usage.now().toLine() + "\n");
        }
    }

    Endpoint address() {
        return Endpoint.parse(line());
    }

    Usage usage() {
        try {
            questions.write("usage\n");
            questions.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The other process has ended", e);
        }
        return Usage.parse(line());
    }

    private String line() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IOException("The other process has ended");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        questions.close();
        process.onExit().join();
    }
}
