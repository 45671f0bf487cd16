package org.dhtrpc.examples.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.dhtrpc.examples.simulations.KeyUnderAttack.Damage;
import org.dhtrpc.examples.simulations.KeyUnderAttack.Setting;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.routing.Rate;
import org.dhtrpc.routing.SubnetLimit;
import org.dhtrpc.spi.IdPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What sybils can do to a key, and which of a node's defences is one against them: the table of docs/simulation.md. */
class SybilsTest {
    private static final int NODES = 200;
    private static final int[] COUNTS = {0, 8, 16, 20, 32, 64, 128, 256};

    private static final Row FREE =
            new Row("free ids, many networks", new Setting(IdPolicy.random(), false, SybilsTest::unchanged));
    private static final Row FREE_NO_LIMITS =
            new Row("the same, without limits", new Setting(IdPolicy.random(), false, SybilsTest::unlimited));
    private static final Row FREE_ONE_ADDRESS =
            new Row("free ids, one address", new Setting(IdPolicy.random(), true, SybilsTest::unchanged));
    private static final Row FREE_ONE_ADDRESS_NO_LIMITS =
            new Row("the same, without limits", new Setting(IdPolicy.random(), true, SybilsTest::unlimited));
    private static final Row BOUND =
            new Row("ids of addresses, many networks", new Setting(AddressIds.INSTANCE, false, SybilsTest::unchanged));
    private static final Row BOUND_ONE_ADDRESS =
            new Row("ids of addresses, one address", new Setting(AddressIds.INSTANCE, true, SybilsTest::unchanged));

    private static final List<Row> TABLE =
            List.of(FREE, FREE_NO_LIMITS, FREE_ONE_ADDRESS, FREE_ONE_ADDRESS_NO_LIMITS, BOUND, BOUND_ONE_ADDRESS);

    /** A row of the table. */
    private record Row(String words, Setting setting) {}

    private static NodeBuilder unchanged(NodeBuilder node) {
        return node;
    }

    private static NodeBuilder unlimited(NodeBuilder node) {
        return node.subnetLimit(SubnetLimit.UNLIMITED).requestRate(Rate.UNLIMITED);
    }

    private static Damage damage(long seed, int nodes, Row row, int sybils) {
        try (KeyUnderAttack attack = new KeyUnderAttack(seed, nodes, row.setting())) {
            return attack.by(sybils);
        }
    }

    @Test
    void without_them_everything_is_found() {
        assertThat(damage(1, NODES, FREE, 0)).isEqualTo(new Damage(0, 0, 20));
    }

    @Test
    void as_long_as_they_leave_a_place_to_an_honest_node_everything_is_found() {
        Damage damage = damage(1, NODES, FREE, 16);
        assertThat(damage.fresh()).isZero();
        assertThat(damage.replicas()).isLessThan(10);
    }

    @Test
    void where_ids_are_free_thirty_two_at_one_address_have_the_key_whatever_the_limits() {
        Damage damage = damage(1, NODES, FREE_ONE_ADDRESS, 32);
        assertThat(damage.fresh()).isEqualTo(100);
        assertThat(damage.replicas()).isZero();
        assertThat(damage.old())
                .as("most readers pass by somebody who has had it for long")
                .isLessThan(50);
    }

    @Test
    void where_ids_follow_from_addresses_some_honest_node_is_left() {
        for (Row row : List.of(BOUND, BOUND_ONE_ADDRESS)) {
            Damage damage = damage(1, NODES, row, 32);
            assertThat(damage.old() + damage.fresh()).isZero();
            assertThat(damage.replicas()).isPositive();
        }
    }

    /**
     * Prints it: {@code ./mvnw test -pl examples -am -Dtest=SybilsTest#table -Dtable=500
     * -Dsurefire.failIfNoSpecifiedTests=false}.
     */
    @Test
    @EnabledIfSystemProperty(named = "table", matches = "\\d+")
    void table() {
        int nodes = Integer.getInteger("table");
        int trials = Integer.getInteger("trials", 3);
        for (Row row : TABLE) {
            StringBuilder line = new StringBuilder("| " + row.words() + " |");
            for (int sybils : COUNTS) {
                double old = 0;
                double fresh = 0;
                double replicas = 0;
                for (int seed = 1; seed <= trials; seed++) {
                    Damage damage = damage(seed, nodes, row, sybils);
                    old += damage.old() / trials;
                    fresh += damage.fresh() / trials;
                    replicas += damage.replicas() / trials;
                }
                line.append(String.format(Locale.ROOT, " %.0f / %.0f / %.0f |", old, fresh, replicas));
            }
            System.out.println(line);
        }
    }
}
