package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.dhtrpc.testkit.scenario.Check;
import org.dhtrpc.testkit.scenario.Counter;
import org.dhtrpc.testkit.scenario.Experiment;
import org.dhtrpc.testkit.scenario.Laboratory;
import org.dhtrpc.testkit.scenario.RandomScenarios;
import org.dhtrpc.testkit.scenario.Scenario;
import org.dhtrpc.testkit.scenario.Sweep;
import org.junit.jupiter.api.Test;

/** Production nodes in trouble of every kind: {@code -Dseeds=1000} for more of it. */
class RandomScenariosTest {
    record Trouble() implements Experiment {
        @Override
        public Laboratory laboratory() {
            return Laboratories.msgpack()
                    .byReference()
                    .check(
                            Check.sometimes(
                                    "a value is missed",
                                    world -> assertThat(world.count(Counter.MISSED))
                                            .isPositive()),
                            Check.sometimes(
                                    "a machine stands still",
                                    world -> assertThat(world.hosts()).anyMatch(host -> host.paused())));
        }

        @Override
        public Scenario scenario(long seed) {
            return RandomScenarios.of(50).without("republish").draw(seed);
        }
    }

    @Test
    void networks_survive() {
        Sweep.of(new Trouble()).seeds(1, 6).run().requireHeld();
    }
}
