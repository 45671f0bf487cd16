package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.dhtrpc.testkit.NatType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NatMixTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "port-restricted 0.4, symmetric 0.1",
                "full-cone 0.1, address-restricted 0.1, port-restricted 0.1, symmetric 0.1, symmetric-sequential 0.1,"
                        + " symmetric-address 0.1, firewall 0.1, udp-blocked 0.1",
                "symmetric 1",
                "ford2005:0.6",
                "ford2005:0",
                "halkes2010",
                "none"
            })
    void mixes_are_written_as_they_are_read(String text) {
        assertThat(NatMix.parse(text))
                .hasToString(text)
                .isEqualTo(NatMix.parse(text))
                .hasSameHashCodeAs(NatMix.parse(text));
    }

    @Test
    void parts_keep_their_order_and_names() {
        NatMix mix =
                NatMix.of(new NatMix.Part(NatType.SYMMETRIC_ADDRESS, 0.25), new NatMix.Part(NatType.FIREWALL, 0.5));
        assertThat(mix).hasToString("symmetric-address 0.25, firewall 0.5");
        assertThat(NatMix.parse(" symmetric-address  0.250,firewall 0.5 ")).isEqualTo(mix);
        assertThat(mix.parts().get(0).name()).isEqualTo("symmetric-address");
        assertThat(mix.parts().get(1)).isEqualTo(new NatMix.Part(NatType.FIREWALL, 0.5));
        assertThat(mix.source()).isEmpty();
        assertThat(mix).isNotEqualTo(NatMix.parse("firewall 0.5, symmetric-address 0.25"));
        assertThat(NatMix.of()).isEqualTo(NatMix.NONE);
    }

    @Test
    void one_number_decides_between_the_parts() {
        NatMix mix = NatMix.parse("symmetric-address 0.25, firewall 0.5");
        assertThat(mix.draw(Dice.showing(0))).isEqualTo(NatType.SYMMETRIC_ADDRESS);
        assertThat(mix.draw(Dice.showing(0.24))).isEqualTo(NatType.SYMMETRIC_ADDRESS);
        assertThat(mix.draw(Dice.showing(0.25))).isEqualTo(NatType.FIREWALL);
        assertThat(mix.draw(Dice.showing(0.74))).isEqualTo(NatType.FIREWALL);
        assertThat(mix.draw(Dice.showing(0.75))).isNull();
        assertThat(NatMix.NONE.draw(Dice.showing(0))).isNull();
        assertThat(NatMix.parse("firewall 0").draw(Dice.showing(0))).isNull();
    }

    /** How many of a hundred thousand nodes are behind each part of a mix. */
    private static int[] drawn(NatMix mix) {
        int[] counts = new int[mix.parts().size()];
        Dice dice = Dice.seeded(6);
        for (int i = 0; i < 100_000; i++) {
            NatType type = mix.draw(dice);
            for (int part = 0; part < counts.length; part++) {
                counts[part] += mix.parts().get(part).type().equals(type) ? 1 : 0;
            }
        }
        return counts;
    }

    @Test
    void of_the_homes_behind_nats_18_in_a_hundred_have_a_symmetric_one() {
        NatMix mix = NatMix.residential(0.6);
        assertThat(mix.parts()).extracting(NatMix.Part::name).containsExactly("port-restricted", "symmetric");
        int[] drawn = drawn(mix);
        assertThat(drawn[0]).isCloseTo(49_200, within(800));
        assertThat(drawn[1]).isCloseTo(10_800, within(500));
        assertThat(mix.source()).startsWith("Ford, Srisuresh, Kegel");
    }

    @Test
    void four_in_five_pairs_behind_nats_of_the_file_sharers_can_be_punched() {
        NatMix mix = NatMix.halkes2010();
        assertThat(mix.parts()).extracting(NatMix.Part::name).containsExactly("port-restricted", "symmetric");
        int[] drawn = drawn(mix);
        assertThat(drawn[0]).isCloseTo(57_300, within(800));
        assertThat(drawn[0] + drawn[1]).isCloseTo(64_000, within(800));
        double punched = mix.parts().get(0).share() / 0.64;
        assertThat(punched * punched).isBetween(0.8, 0.81);
        assertThat(mix.source()).startsWith("Halkes, Pouwelse").contains("PDS-2010-007");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|Not a mix of NATs: ''; the forms are port-restricted 0.4, symmetric 0.1 (also: full-cone,",
                "home 0.4|Not a mix of NATs: 'home 0.4';",
                "symmetric|Not a mix of NATs: 'symmetric';",
                "symmetric 0.1, |Not a mix of NATs: '';",
                "symmetric 0.1 0.2|Not a mix of NATs: 'symmetric 0.1 0.2';",
                "SYMMETRIC 0.1|Not a mix of NATs: 'SYMMETRIC 0.1';",
                "symmetric 0.1, none|Not a mix of NATs: 'none';",
                "ford2005|Not a mix of NATs: 'ford2005';",
                "halkes2010:0.5|Not a mix of NATs: 'halkes2010:0.5';",
                "symmetric 10%|Not a number: '10%';",
                "symmetric 1.1|The share of nodes behind a kind of NAT is 0 to 1, not 1.1",
                "ford2005:1.1|The share of nodes behind NATs is 0 to 1, not 1.1",
                "symmetric 0.6, firewall 0.5|The shares of NATs add up to 1 at most, not 1.1"
            })
    void text_that_is_no_mix_is_refused_with_what_is_wrong(String text, String message) {
        assertThatThrownBy(() -> NatMix.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void a_kind_of_nat_without_a_name_is_refused() {
        assertThatThrownBy(() -> new NatMix.Part(NatType.SYMMETRIC.hairpin(true), 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("A NAT in a mix is one of the constants of NatType, not NatType[");
    }
}
