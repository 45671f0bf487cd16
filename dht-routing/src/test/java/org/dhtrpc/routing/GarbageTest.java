package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

/** Whatever peers send and callers do, in whatever order: nothing is thrown, nothing grows, and all of it ends. */
class GarbageTest {
    @Test
    void random_inputs_break_nothing_and_the_same_ones_have_the_same_effects() {
        Seeded.rounds(40, random -> {
            byte[] inputs = new byte[random.nextInt(20, 2_000)];
            random.nextBytes(inputs);
            assertThat(new FuzzedMachine(inputs).run()).isEqualTo(new FuzzedMachine(inputs).run());
        });
    }
}
