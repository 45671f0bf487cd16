package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Allocation;
import org.dhtrpc.holepunch.NatProfile.Answer;
import org.dhtrpc.holepunch.NatProfile.Filtering;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers and bytes of {@code docs/holepunch.md} are those of the code. */
class ProtocolPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", ".")).resolve("../docs/holepunch.md");
    private static final Pattern VECTOR = Pattern.compile("<!-- vector: (\\w+) -->\n\n((?:    .*\n)+)");
    private static final Pattern NUMBER = Pattern.compile("(?m)^\\| `([A-Z0-9-]+)` \\| (?:0x)?([0-9A-F]{3,4}) \\|");

    private static final Endpoint A = Endpoint.parse("198.51.100.7:4000");
    private static final Endpoint B = Endpoint.parse("203.0.113.5:5000");
    private static final Endpoint R = Endpoint.parse("198.51.100.99:3282");
    private static final Endpoint MAPPED = Endpoint.parse("198.51.100.7:4001");
    private static final long PUNCH = 0x0102030405060708L;

    /** Draws nothing but this, so that it does not matter who draws first. */
    private static final RandomGenerator CONSTANT = () -> 0x1122334455667788L;

    private static byte[] bytes(int first) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    private static NatProfile profile(Filtering filtering) {
        return new NatProfile(
                Mapping.ENDPOINT_INDEPENDENT, filtering, Allocation.PRESERVED, 0, Answer.UNKNOWN, null, null, null);
    }

    /** What is said, in this order. */
    private static Map<String, byte[]> said() {
        Outbox outbox = new Outbox();
        Seen seen = new Seen(CONSTANT);
        Referrer referrer = new Referrer(outbox, seen, PunchOptions.defaults(), CONSTANT, R::equals);
        seen.saw(0, B);
        Map<String, byte[]> said = new LinkedHashMap<>();
        referrer.receive(0, A, Meeting.read(introduce(null)));
        said.put("stale", next(outbox, A));
        byte[] nonce = Meeting.read(next(said, "stale")).value(Stun.NONCE);
        said.put("introduce", introduce(nonce));
        referrer.receive(0, A, Meeting.read(next(said, "introduce")));
        said.put("invite", next(outbox, B));
        said.put("accepted", accept(Meeting.read(next(said, "invite"))));
        referrer.receive(0, B, Meeting.read(next(said, "accepted")));
        said.put("introduced", next(outbox, A));
        said.put("notify", Notice.START.write(PUNCH, 1, null, bytes(0x40)));
        said.put("probe", probe(outbox));
        new RelayLine(PUNCH, R, outbox, bytes(0x60), bytes(0x80)).ask();
        said.put("relay", next(outbox, R));
        return said;
    }

    private static byte[] next(Map<String, byte[]> said, String name) {
        return Objects.requireNonNull(said.get(name));
    }

    private static byte[] next(Outbox outbox, Endpoint to) {
        Effect.Send send = (Effect.Send) Objects.requireNonNull(outbox.poll());
        assertThat(send.to()).isEqualTo(to);
        return send.datagram();
    }

    private static byte[] introduce(byte @Nullable [] nonce) {
        StunWriter writer = StunWriter.of(Kind.REQUEST, Stun.INTRODUCE, new TransactionId(PUNCH, 0))
                .xorAddress(Stun.XOR_PEER_ADDRESS, B);
        if (nonce != null) {
            writer.add(Stun.NONCE, nonce);
        }
        List<Candidate> candidates = List.of(new Candidate(Candidate.Kind.MAPPED, MAPPED));
        new Introduction(bytes(0), profile(Filtering.ADDRESS_DEPENDENT), candidates).write(writer);
        return writer.padTo(148).bytes();
    }

    private static byte[] accept(StunMessage invite) {
        StunWriter writer = StunWriter.answer(Kind.SUCCESS, invite)
                .xorAddress(Stun.XOR_PEER_ADDRESS, A)
                .xorAddress(Stun.XOR_MAPPED_ADDRESS, B);
        new Introduction(bytes(0x20), profile(Filtering.ADDRESS_AND_PORT_DEPENDENT), List.of()).write(writer);
        return writer.padTo(writer.size() + 24).bytes();
    }

    private static byte[] probe(Outbox outbox) {
        Prober prober = new Prober(PUNCH, true, CONSTANT, outbox);
        prober.start(bytes(0x40), null);
        prober.nominate(Outbox.MAIN, B, PunchResult.Path.PUNCHED);
        return next(outbox, B);
    }

    private static Map<String, byte[]> shown() throws IOException {
        Map<String, byte[]> shown = new LinkedHashMap<>();
        for (MatchResult vector :
                VECTOR.matcher(Files.readString(PAGE)).results().toList()) {
            StringBuilder hex = new StringBuilder();
            for (String line : vector.group(2).split("\n", -1)) {
                hex.append(line.strip().split(" {2,}", 2)[0].replace(" ", ""));
            }
            shown.put(vector.group(1), HexFormat.of().parseHex(hex));
        }
        return shown;
    }

    private static List<String> names() {
        return new ArrayList<>(said().keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void the_bytes_on_the_page_are_what_is_written(String name) throws IOException {
        assertThat(shown().get(name)).isEqualTo(said().get(name));
    }

    @Test
    void every_vector_of_the_page_is_checked() throws IOException {
        assertThat(shown().keySet()).containsExactlyInAnyOrderElementsOf(names());
    }

    @Test
    void the_numbers_on_the_page_are_those_of_the_code() throws ReflectiveOperationException, IOException {
        List<MatchResult> rows =
                NUMBER.matcher(Files.readString(PAGE)).results().toList();
        assertThat(rows).hasSizeGreaterThan(20);
        for (MatchResult row : rows) {
            int number =
                    Stun.class.getDeclaredField(row.group(1).replace('-', '_')).getInt(null);
            assertThat(number)
                    .as(row.group(1))
                    .isEqualTo(Integer.parseInt(row.group(2), row.group().contains("0x") ? 16 : 10));
        }
    }
}
