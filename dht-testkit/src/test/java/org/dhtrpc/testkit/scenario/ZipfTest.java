package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ZipfTest {
    private final Zipf zipf = new Zipf(1);

    @Test
    void ranks_take_the_places_that_the_law_gives_them() {
        // 6/11, 3/11 and 2/11.
        assertThat(zipf.draw(3, Dice.showing(0))).isZero();
        assertThat(zipf.draw(3, Dice.showing(5.99 / 11))).isZero();
        assertThat(zipf.draw(3, Dice.showing(6.01 / 11))).isEqualTo(1);
        assertThat(zipf.draw(3, Dice.showing(8.99 / 11))).isEqualTo(1);
        assertThat(zipf.draw(3, Dice.showing(9.01 / 11))).isEqualTo(2);
        assertThat(zipf.draw(3, Dice.showing(Math.nextDown(1.0)))).isEqualTo(2);
    }

    @Test
    void there_may_be_more_ranks_and_fewer_again() {
        assertThat(zipf.draw(1, Dice.showing(0.999))).isZero();
        assertThat(zipf.draw(2, Dice.showing(0.68))).isEqualTo(1);
        assertThat(zipf.draw(1_000, Dice.showing(0.999))).isGreaterThan(900);
        assertThat(zipf.draw(2, Dice.showing(0.66))).isZero();
        assertThat(zipf.draw(1, Dice.showing(0.999))).isZero();
    }

    @Test
    void an_exponent_of_zero_makes_all_alike() {
        Zipf alike = new Zipf(0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(alike.draw(1_000, Dice.showing((i + 0.5) / 1_000))).isEqualTo(i);
        }
    }

    @Test
    void a_large_exponent_leaves_the_last_ones_to_nobody() {
        Zipf steep = new Zipf(10);
        assertThat(steep.draw(1_000_000, Dice.showing(0.99))).isZero();
        assertThat(steep.draw(1_000_000, Dice.showing(Math.nextDown(1.0)))).isLessThan(1_000);
    }

    @Test
    void many_draws_follow_the_law_while_the_ranks_become_more() {
        Dice dice = Dice.seeded(3);
        int draws = 100_000;
        int[] counts = new int[200];
        double[] expected = new double[200];
        double sum = 0;
        Zipf growing = new Zipf(1.1);
        for (int ranks = 1; ranks <= 200; ranks++) {
            sum += Math.pow(ranks, -1.1);
            for (int i = 0; i < draws / 200; i++) {
                counts[growing.draw(ranks, dice)]++;
            }
            for (int rank = 0; rank < ranks; rank++) {
                expected[rank] += draws / 200.0 * Math.pow(rank + 1, -1.1) / sum;
            }
        }
        for (int rank = 0; rank < 200; rank++) {
            assertThat((double) counts[rank])
                    .as("rank %d", rank)
                    .isCloseTo(expected[rank], within(5 * Math.sqrt(expected[rank]) + 1));
        }
    }

    @Test
    void bad_values_are_refused() {
        assertThatThrownBy(() -> new Zipf(-0.1)).hasMessage("The exponent of a Zipf distribution is 0 to 10, not -0.1");
        assertThatThrownBy(() -> new Zipf(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> zipf.draw(0, Dice.seeded(1))).hasMessage("There are 1 to 1000000 ranks, not 0");
        assertThatThrownBy(() -> zipf.draw(1_000_001, Dice.seeded(1))).hasMessageEndingWith("not 1000001");
    }
}
