package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeededTest {
    private final List<Long> drawn = new ArrayList<>();

    @AfterEach
    void forget() {
        System.clearProperty(Seeded.SEED);
    }

    private void draw(RandomGenerator random) {
        drawn.add(random.nextLong());
    }

    private void failInTheThird(RandomGenerator random) {
        draw(random);
        if (drawn.size() == 3) {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void every_run_has_the_same_rounds_and_no_two_rounds_are_alike() {
        Seeded.rounds(50, this::draw);
        List<Long> first = List.copyOf(drawn);
        drawn.clear();
        Seeded.rounds(50, this::draw);
        assertThat(drawn).isEqualTo(first).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void a_failure_names_its_seed_and_has_its_cause() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Seeded.rounds(50, this::failInTheThird))
                .withMessage("Seed 3; -Dseed=3 runs it alone: java.lang.IllegalStateException: broken")
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void with_the_seed_of_a_failure_that_round_alone_is_run() {
        Seeded.rounds(3, this::draw);
        long third = drawn.get(2);
        drawn.clear();
        System.setProperty(Seeded.SEED, "3");
        Seeded.rounds(50, this::draw);
        assertThat(drawn).containsExactly(third);
    }
}
