package org.dhtrpc.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program as its user sees it: what it prints, and its status at the end. */
final class Terminal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Screen out = new Screen();
    private final Screen err = new Screen();
    private final FutureTask<Integer> status;
    private final Thread thread;

    private Terminal(Object program, String... args) {
        status = new FutureTask<>(() -> Shell.program(program)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args));
        thread = new Thread(status, "terminal");
        thread.start();
    }

    static Terminal run(Object program, String... args) {
        return new Terminal(program, args);
    }

    /** Waits until the program has printed this to its standard output. */
    Matcher await(String regex) throws InterruptedException {
        return out.await(Pattern.compile(regex));
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    /** Waits until the program has ended. */
    int status() throws Exception {
        return status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** What Ctrl-C is to a process. */
    @Override
    public void close() {
        thread.interrupt();
        assertThat(status).succeedsWithin(PATIENCE);
    }

    private static final class Screen extends StringWriter {
        @Override
        public void write(String text, int offset, int length) {
            synchronized (getBuffer()) {
                super.write(text, offset, length);
                getBuffer().notifyAll();
            }
        }

        Matcher await(Pattern pattern) throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            synchronized (getBuffer()) {
                Matcher matcher = pattern.matcher(toString());
                while (!matcher.find()) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (left <= 0) {
                        fail("No '%s' in time, but:%n%s", pattern, this);
                    }
                    getBuffer().wait(left);
                    matcher = pattern.matcher(toString());
                }
                return matcher;
            }
        }
    }
}
