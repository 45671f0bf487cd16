package org.dhtrpc.natlab;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.dhtrpc.natlab.Cell.Expected;
import org.junit.jupiter.api.Test;

class CellsTest {
    @Test
    void ofTheClassicPairsAllButOneAreToBeDirect() {
        assertThat(Cells.pairs()).hasSize(25);
        assertThat(Cells.pairs().stream().filter(cell -> cell.expected() != Expected.DIRECT))
                .singleElement()
                .hasToString("sym:sym");
    }

    @Test
    void ofTheHardPairsEighteenAreToBeDirectThreeRelayedAndThreeCannotBe() {
        assertThat(Cells.hard().stream().filter(cell -> !cell.extra()).collect(groupingBy(Cell::expected, counting())))
                .containsOnly(
                        Map.entry(Expected.DIRECT, 18L),
                        Map.entry(Expected.CONNECTED, 3L),
                        Map.entry(Expected.UNREACHABLE, 3L));
    }

    @Test
    void theLaboratoriesHaveEveryHostThatIsNamed() throws IOException {
        assertThat(hosts("pairs")).containsAll(named(Cells.pairs()));
        assertThat(hosts("hard")).containsAll(named(Cells.hard()));
        assertThat(hosts("traps")).containsAll(named(Cells.traps())).containsAll(named(List.of(Cells.far())));
    }

    private static Set<String> named(List<Cell> cells) {
        Set<String> hosts = new HashSet<>();
        cells.forEach(cell -> hosts.addAll(List.of(cell.caller(), cell.peer())));
        return hosts;
    }

    /** The first two hosts of every NAT that a configuration has. */
    private static List<String> hosts(String config) throws IOException {
        return Files.readAllLines(Path.of("configs", config + ".conf")).stream()
                .filter(line -> line.startsWith("nat "))
                .flatMap(line -> Stream.of("_h1", "_h2").map(line.split(" +", 3)[1]::concat))
                .toList();
    }

    @Test
    void aCellIsNamedByItsKindsOrByItsHosts() {
        Cell cell = Cells.pairs().get(2);

        assertThat(cell.named("fc", "pr")).isTrue();
        assertThat(cell.named("a_fc", "b_pr_h1")).isTrue();
        assertThat(cell.named("pr", "fc")).isFalse();
    }

    @Test
    void turnsAreSpreadSoThatNoHostHasTwoInARowAndNoneIsLost() {
        List<Cell> spread = Matrix.spread(Cells.pairs());

        assertThat(spread).containsExactlyInAnyOrderElementsOf(Cells.pairs());
        for (int i = 1; i < spread.size(); i++) {
            Cell before = spread.get(i - 1);
            assertThat(List.of(spread.get(i).caller(), spread.get(i).peer()))
                    .doesNotContain(before.caller(), before.peer());
        }
    }

    @Test
    void eachHostIsAskedForAsManyNodesAsItHasCells() {
        assertThat(Matrix.uses(Cells.pairs()))
                .hasSize(10)
                .allSatisfy((host, uses) -> assertThat(uses).isEqualTo(5));
    }
}
