package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of NAT and every other: what opens, by which way, and that datagrams go both ways then. */
class MatrixTest {
    /** Neither end can tell the port of the other: only by the referrer. */
    private static final Set<String> HOPELESS = Set.of("sym", "sa", "seq");

    /** With many ports at random on one side, and a filter for ports on the other. */
    private static final Set<String> RANDOM = Set.of("sym", "sa");

    private static final Set<String> STRICT = Set.of("pr", "fw", "prr");

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.05, 0.2})
    void every_pair_connects_and_only_hopeless_ones_by_way_of_the_referrer(double loss) {
        List<String> wrong = new ArrayList<>();
        for (String here : Kinds.ALL.keySet()) {
            for (String there : Kinds.ALL.keySet()) {
                String outcome = connect(here, there, loss);
                if (!outcome.isEmpty()) {
                    wrong.add(here + "-" + there + ": " + outcome);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** What is wrong with it; empty if nothing is. */
    private static String connect(String here, String there, double loss) {
        try (Laboratory lab = new Laboratory(7, loss, 3)) {
            Laboratory.Peer from = lab.peer(Kinds.of(here));
            Laboratory.Peer to = lab.peer(Kinds.of(there));
            lab.network.run(Duration.ofSeconds(4));
            Object outcome = lab.punch(from, to, lab.referrer(0));
            if (!(outcome instanceof PunchResult result)) {
                return outcome.toString();
            }
            if (!lab.converse(from, result.endpoint(), to)) {
                return result + " leads nowhere";
            }
            boolean hopeless =
                    HOPELESS.contains(here) && HOPELESS.contains(there) && !(here.equals("seq") && there.equals("seq"));
            if (hopeless != (result.kind() == Path.RELAYED)) {
                return result.toString();
            }
            return loss == 0 && result.kind() != expected(here, there, hopeless) ? result.toString() : "";
        }
    }

    private static Path expected(String here, String there, boolean hopeless) {
        if (hopeless) {
            return Path.RELAYED;
        }
        if ((RANDOM.contains(here) && STRICT.contains(there)) || (STRICT.contains(here) && RANDOM.contains(there))) {
            return Path.BIRTHDAY;
        }
        boolean predicted = there.equals("seq") && !here.equals("fc") && !here.equals("syme");
        return predicted ? Path.PREDICTED : Path.PUNCHED;
    }
}
