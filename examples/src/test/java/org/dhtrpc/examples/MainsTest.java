package org.dhtrpc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.dhtrpc.Bytes;
import org.dhtrpc.Key;
import org.junit.jupiter.api.Test;

/** The programs that take no options: each runs to its end and prints what it is there to show. */
class MainsTest {
    @Test
    void theProgramOfTheReadmeFindsWhatItStored() {
        assertThat(printedBy(FirstLookup::main)).contains("hello, world");
    }

    @Test
    void theKeyValueStoreOfTheSeedStoresOnTwentyNodesAndFinds() {
        String hello = Key.hashOf(Bytes.utf8("hello, world")) + " --> hello, world";

        assertThat(printedBy(KeyValueStore::main).lines())
                .filteredOn(line -> line.endsWith(hello))
                .hasSize(21)
                .filteredOn(line -> line.startsWith("Port "))
                .extracting(line -> line.split(" stores ", -1)[0])
                .doesNotHaveDuplicates()
                .hasSize(20);
    }

    @Test
    void aNodeMadeByDaggerAnswers() {
        assertThat(printedBy(DaggerExample::main)).startsWith("Hello, ");
    }

    @Test
    void twoNodesBehindNatsMeetAndAskEachOther() {
        assertThat(printedBy(Meeting::main)).matches("birthday in \\d+ ms\\R" + "hello from behind a NAT\\R");
    }

    /** Against npm's own nodes it runs in ./interop-test. */
    @Test
    void theNodeThatJoinsAnNpmNetworkStoresAndReadsThroughOneThatSpeaksItsWire() {
        KeyValueStore store = new KeyValueStore(Codecs.DHTRPC6);
        try (DemoNetwork network = new DemoNetwork(Sockets.Kind.NIO, store)) {
            network.grow(10);

            assertThat(printedBy(none -> NpmNetwork.main(new String[] {network.address()})))
                    .contains("Listed as ", "Stored on 10 nodes", ": hello from the JVM");
        }
    }

    private interface Program {
        void run(String... args);
    }

    private static String printedBy(Program program) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
