package org.dhtrpc.examples.simulations;

// readme:start
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.dhtrpc.testkit.scenario.*;
import org.junit.jupiter.api.Test;

class ChurnTest {
    private final Laboratory laboratory = Laboratory.of(SimulatedNodes::warm)
            .check(Check.every(
                    Duration.ofSeconds(30),
                    "somebody holds each value",
                    world -> assertThat(world.keys()).allMatch(key -> world.holders(key) > 0)));

    @Test
    void values_outlive_those_who_were_asked_to_keep_them() {
        Scenario scenario = Scenario.of(100)
                .churn(Churn.replacing(0.2, 100)) // a fifth of them each minute
                .workload(Workload.parse("50 values, stores 5/s, read after 8m, republish 1m"))
                .expect(Expectation.Quality.FOUND, 0.99);

        laboratory.run(scenario).requireHeld();
    }
}
// readme:end
