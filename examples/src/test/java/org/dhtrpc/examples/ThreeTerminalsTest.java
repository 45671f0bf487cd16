package org.dhtrpc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.dhtrpc.Bytes;
import org.dhtrpc.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreeTerminalsTest {
    private static final Key KEY = Key.hashOf(Bytes.utf8("hello"));

    @Test
    void whatIsPutIntoOneTerminalComesOutOfAnother() throws Exception {
        try (Terminal first = Terminal.run(new Bootstrap(), "--port", "0")) {
            String address = first.await("Bootstrap node at (\\S+);").group(1);
            try (Terminal second = Terminal.run(new Nodes(), "--count", "5", "--bootstrap", address)) {
                second.await("5 nodes have joined");

                Terminal put = Terminal.run(new Client(), "put", "hello", "--bootstrap", address);
                assertThat(put.status()).isZero();
                assertThat(put.out()).isEqualToIgnoringNewLines(KEY.toString());
                assertThat(put.err()).contains("Stored on 5 nodes");
                second.await("Port \\d+ stores " + KEY + " --> hello");

                Terminal get = Terminal.run(new Client(), "get", KEY.toString(), "--bootstrap", address);
                assertThat(get.status()).isZero();
                assertThat(get.out()).isEqualToIgnoringNewLines("hello");

                Terminal missing = Terminal.run(new Client(), "get", Key.ZERO.toString(), "--bootstrap", address);
                assertThat(missing.status()).isEqualTo(1);
                assertThat(missing.out()).isEmpty();
                assertThat(missing.err()).contains("Nobody has " + Key.ZERO);
            }
        }
    }

    @Test
    void aValueHasAsManyBytesAsTheHelpSays() throws Exception {
        Terminal help = Terminal.run(new Client(), "put", "--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).startsWith("Usage: kv put").contains("at most 1090 bytes");
        try (Terminal first = Terminal.run(new Bootstrap(), "--port", "0")) {
            String address = first.await("Bootstrap node at (\\S+);").group(1);
            try (Terminal second = Terminal.run(new Nodes(), "--count", "2", "--bootstrap", address)) {
                second.await("2 nodes have joined");
                String longest = "x".repeat(1_090);

                Terminal put = Terminal.run(new Client(), "put", longest, "--bootstrap", address);
                assertThat(put.status()).as(put.err()).isZero();
                Terminal get = Terminal.run(new Client(), "get", put.out().strip(), "--bootstrap", address);
                assertThat(get.status()).as(get.err()).isZero();
                assertThat(get.out()).isEqualToIgnoringNewLines(longest);

                Terminal tooLong = Terminal.run(new Client(), "put", longest + "x", "--bootstrap", address);
                assertThat(tooLong.status()).isEqualTo(2);
                assertThat(tooLong.err()).contains("at most 1090");
            }
        }
    }

    @Test
    void aProgramThatIsStoppedEndsWell() throws Exception {
        Terminal terminal = Terminal.run(new Bootstrap(), "--port", "0");
        terminal.await("Ctrl-C stops it");

        terminal.close();

        assertThat(terminal.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"get 1234", "put", "put hello --bootstrap localhost:port", "drop hello"})
    void aMistakeIsNamed(String commandLine) throws Exception {
        Terminal client = Terminal.run(new Client(), commandLine.split(" ", -1));

        assertThat(client.status()).isEqualTo(2);
        assertThat(client.out()).isEmpty();
        assertThat(client.err()).isNotBlank().doesNotContain("\tat ");
    }
}
