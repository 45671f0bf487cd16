package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import org.dhtrpc.holepunch.NatProfile.Allocation;
import org.dhtrpc.holepunch.PortSamples.Rule;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

class PortSamplesTest {
    private static Rule rule(int... external) {
        PortSamples samples = new PortSamples();
        for (int port : external) {
            samples.first(7, port);
        }
        return samples.rule();
    }

    private static Rule sequential(int step) {
        return new Rule(Allocation.SEQUENTIAL, step);
    }

    @Test
    void one_after_the_other() {
        assertThat(rule(20_000, 20_001, 20_002, 20_003)).isEqualTo(sequential(1));
        assertThat(rule(20_000, 20_002, 20_004, 20_006, 20_008)).isEqualTo(sequential(2));
        assertThat(rule(20_008, 20_006, 20_004, 20_002)).isEqualTo(sequential(-2));
    }

    @Test
    void others_take_some_in_between() {
        assertThat(rule(20_000, 20_001, 20_004, 20_005, 20_007)).isEqualTo(sequential(1));
        assertThat(rule(20_000, 20_009, 20_010, 20_012, 20_040)).isEqualTo(sequential(1));
    }

    @Test
    void the_range_begins_anew() {
        assertThat(rule(24_093, 24_094, 24_095, 20_000, 20_001)).isEqualTo(sequential(1));
        assertThat(rule(24_095, 20_000, 20_001, 20_002)).isEqualTo(sequential(1));
        assertThat(rule(20_001, 20_000, 24_095, 24_094)).isEqualTo(sequential(-1));
    }

    @Test
    void one_is_overtaken() {
        assertThat(rule(20_001, 20_002, 20_003, 20_000, 20_004)).isEqualTo(sequential(1));
    }

    @Test
    void kept_ports_are_kept_be_one_of_them_taken() {
        PortSamples samples = new PortSamples();
        samples.first(5_000, 5_000);
        samples.first(5_001, 5_001);
        samples.first(5_002, 61_234);
        assertThat(samples.rule()).isEqualTo(new Rule(Allocation.PRESERVED, 0));
    }

    @Test
    void a_mapping_that_is_the_same_once_more_is_none_more() {
        PortSamples samples = new PortSamples();
        samples.first(7, 20_000);
        samples.first(7, 20_001);
        samples.further(20_000);
        samples.further(20_001);
        assertThat(samples.rule()).isEqualTo(Rule.UNKNOWN);
    }

    @Test
    void random_ones_are_random() {
        Seeded.rounds(2_000, random -> {
            int[] ports =
                    random.ints(PortSamples.FEWEST, 1_024, 65_536).distinct().toArray();
            if (ports.length == PortSamples.FEWEST) {
                assertThat(rule(ports)).isEqualTo(new Rule(Allocation.RANDOM, 0));
            }
        });
    }
}
