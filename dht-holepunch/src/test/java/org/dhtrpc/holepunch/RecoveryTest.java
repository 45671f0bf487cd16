package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.Laboratory.Peer;
import org.dhtrpc.testkit.Nat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A path outlives routers that forget or move, and both nodes know each other by the same addresses as before. */
class RecoveryTest {
    private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

    private final Laboratory lab = new Laboratory(11, 0, 3);
    private int said;

    @AfterEach
    void close() {
        lab.close();
    }

    /** Two ends, and by which addresses they know each other. */
    private record Pair(Peer one, Endpoint other, Peer two, Endpoint back) {}

    private Pair connected(String here, String there, Duration timeout) {
        Peer one = lab.peer(Kinds.of(here).timeout(timeout), options -> options);
        Peer two = lab.peer(Kinds.of(there).timeout(timeout), options -> options);
        lab.network.run(Duration.ofSeconds(4));
        Object outcome = lab.punch(one, two, lab.referrer(0));
        assertThat(outcome).isInstanceOf(PunchResult.class);
        Endpoint other = ((PunchResult) outcome).endpoint();
        assertThat(lab.converse(one, other, two)).isTrue();
        return new Pair(one, other, two, Objects.requireNonNull(two.received.get("there")));
    }

    /** Whether a word from each arrives at the other, from the address that it has had from the beginning. */
    private boolean bothWays(Pair pair) {
        String word = "word " + said++;
        String reply = "reply " + said;
        pair.one.send(pair.other, word);
        pair.two.send(pair.back, reply);
        lab.network.run(Duration.ofMillis(150));
        return pair.back.equals(pair.two.received.get(word)) && pair.other.equals(pair.one.received.get(reply));
    }

    private void isFoundAgain(Pair pair) {
        boolean found = false;
        for (int i = 0; i < HALF_A_MINUTE.toMillis() / 150 && !found; i++) {
            found = bothWays(pair);
        }
        assertThat(found).isTrue();
        // And stays.
        for (int i = 0; i < 20; i++) {
            lab.network.run(Duration.ofSeconds(3));
            assertThat(bothWays(pair)).as("%d s later", 3 * i).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"pr,pr", "pr,sym", "sym,pr", "sym,sym", "fc,pr", "pr,fc", "seq,pr", "fw,fw"})
    void silence_does_not_end_it(String here, String there) {
        Pair pair = connected(here, there, Duration.ofSeconds(20));
        for (int i = 0; i < 4; i++) {
            lab.network.run(Duration.ofMinutes(1));
            assertThat(bothWays(pair)).as("after %d minutes", i + 1).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"pr,pr", "pr,sym", "sym,pr", "sym,sym", "fc,pr", "pr,fc"})
    void it_outlives_the_reboot_of_the_one_router_or_the_other_or_both(String here, String there) {
        for (int which = 1; which <= 3; which++) {
            Pair pair = connected(here, there, Duration.ofMinutes(2));
            if ((which & 1) != 0) {
                nat(pair.one).reboot();
            }
            // Symmetric ones that both do are seen elsewhere then, both, and nobody is left who knows one of them.
            if ((which & 2) != 0 && !(which == 3 && here.equals("sym") && there.equals("sym"))) {
                nat(pair.two).reboot();
            }
            isFoundAgain(pair);
        }
    }

    @ParameterizedTest
    @CsvSource({"pr,pr", "pr,sym", "sym,pr", "sym,sym", "fc,pr", "pr,fc"})
    void it_outlives_a_new_address_of_the_one_or_the_other(String here, String there) {
        for (int which = 1; which <= 2; which++) {
            Pair pair = connected(here, there, Duration.ofMinutes(2));
            nat(which == 1 ? pair.one : pair.two).move();
            isFoundAgain(pair);
        }
    }

    private static Nat nat(Peer peer) {
        return Objects.requireNonNull(peer.nat);
    }
}
