package org.dhtrpc.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.dhtrpc.interop.InteropCase.on;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.examples.NpmNetwork;

/** The program of docs/interop.md. */
final class Example {
    private Example() {}

    static Stream<InteropCase> cases() {
        return on(Wires.DHT_RPC_6, "the example stores and reads through 30 JavaScript nodes", 30, Example::run);
    }

    private static void run(Lab lab) {
        Endpoint first = lab.firstJs().address();
        Lab.await(lab.js(29, first));
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            NpmNetwork.main(new String[] {first.toString()});
        } finally {
            System.setOut(before);
        }
        for (String words : List.of("Listed as ", "Stored on 20 nodes", ": hello from the JVM")) {
            Check.that(printed.toString(UTF_8).contains(words), "It does not print '" + words + "': " + printed);
        }
    }
}
