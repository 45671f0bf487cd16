package org.dhtrpc.natlab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.dhtrpc.natlab.Cell.Expected;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final Attempt QUICK = Attempt.connected("punched", 120.04, 7);
    private static final Attempt RELAYED = Attempt.connected("relayed", 1_500, 20);
    private static final Attempt FAILED = Attempt.failed(15_000, "NO_PATH", "all was tried");

    private final Results results = new Results(
            "pairs",
            List.of(
                    row("fc", "pr", Expected.DIRECT, QUICK, Attempt.connected("open", 140, 3)),
                    row("fc", "sym", Expected.DIRECT, Attempt.connected("birthday", 900, 400), RELAYED),
                    row("sym", "pr", Expected.DIRECT, QUICK, FAILED),
                    row("sym", "sym", Expected.CONNECTED, RELAYED, RELAYED),
                    new Row(
                            new Cell("pm", "pm", "a_pm_h1", "b_pm_h1", Expected.DIRECT, true),
                            List.of(Attempt.connected("portmap", 100, 1)))),
            List.of());

    private static Row row(String from, String to, Expected expected, Attempt... attempts) {
        return new Row(new Cell(from, to, "a_" + from + "_h1", "b_" + to + "_h1", expected, false), List.of(attempts));
    }

    @Test
    void aCellCountsIfEveryTrySucceededAndAsDirectIfNoneWasRelayed() {
        assertThat(results.cells()).isEqualTo(4);
        assertThat(results.direct()).isEqualTo(1);
        assertThat(results.connected()).isEqualTo(3);
    }

    @Test
    void theTimesAreThoseOfTheTriesThatSucceededByTheNumberOfSymmetricNats() {
        assertThat(results.median(0)).isEqualTo(130.02);
        assertThat(results.p95(0)).isEqualTo(140);
        assertThat(results.median(1)).isEqualTo(900);
        assertThat(results.p95(1)).isEqualTo(1_500);
    }

    @Test
    void theLineOfJsonHasACellForEachAndWhatStandsBesideTheTableApart() {
        JsonObject json = JsonParser.parseString(results.json()).getAsJsonObject();

        assertThat(results.json()).doesNotContain("\n");
        assertThat(json.get("config").getAsString()).isEqualTo("pairs");
        assertThat(json.getAsJsonArray("cells").get(1))
                .hasToString("{\"from\":\"fc\",\"to\":\"sym\",\"tries\":2,\"direct\":1,\"relayed\":1,"
                        + "\"msMedian\":1200.0,\"path\":\"birthday,relayed\",\"reason\":null}");
        assertThat(json.getAsJsonArray("cells")
                        .get(2)
                        .getAsJsonObject()
                        .get("reason")
                        .getAsString())
                .isEqualTo("NO_PATH");
        assertThat(json.getAsJsonArray("extra")).hasSize(1);
        assertThat(json.get("direct").getAsInt()).isEqualTo(1);
        assertThat(json.get("connected").getAsInt()).isEqualTo(3);
        assertThat(json.get("msMedianNoSym").getAsDouble()).isEqualTo(130);
        assertThat(json.get("msP95OneSym").getAsDouble()).isEqualTo(1_500);
    }

    @Test
    void withoutATryThatSucceededThereIsNoTime() {
        Results none = new Results("pairs", List.of(row("fc", "pr", Expected.DIRECT, FAILED)), List.of());

        assertThat(JsonParser.parseString(none.json())
                        .getAsJsonObject()
                        .get("msMedianNoSym")
                        .isJsonNull())
                .isTrue();
        assertThat(new Table(none).toString()).contains("median -");
    }

    @Test
    void theTableMarksWhatWasRelayedAndWhatIsNotAsItHasToBe() {
        assertThat(new Table(results).toString()).isEqualToIgnoringWhitespace("""
                               pr            sym
                        fc     2/2 130       2/2 1200 R !
                        sym    1/2 120 !     2/2 1500 R
                        pm:pm          1/1 100
                        sym:pr         NO_PATH after 15000 ms: all was tried
                        1 of 4 cells direct, 3 connected; ms without symmetric NATs: median 130, p95 140; with one: median 900, p95 1500
                        """);
    }

    @Test
    void allIsAsItHasToBeIfEveryCellAndEveryFindingIs() {
        Row good = row("fc", "pr", Expected.DIRECT, QUICK);
        Row bad = row("fc", "pr", Expected.DIRECT, RELAYED);

        assertThat(new Results("pairs", List.of(good), List.of(new Finding("it", true, ""))).met())
                .isTrue();
        assertThat(new Results("pairs", List.of(good, bad), List.of()).met()).isFalse();
        assertThat(new Results("pairs", List.of(good), List.of(new Finding("it", false, ""))).met())
                .isFalse();
    }

    @Test
    void aCallerBehindBlockedUdpHasToSaySoInTime() {
        assertThat(row("blk", "pr", Expected.BLOCKED, Attempt.failed(4_000, "UDP_BLOCKED", ""))
                        .met())
                .isTrue();
        assertThat(row("blk", "pr", Expected.BLOCKED, Attempt.failed(6_000, "UDP_BLOCKED", ""))
                        .met())
                .isFalse();
        assertThat(row("blk", "pr", Expected.BLOCKED, Attempt.failed(4_000, "TIMED_OUT", ""))
                        .met())
                .isFalse();
        assertThat(row("pr", "blk", Expected.UNREACHABLE, QUICK).met()).isFalse();
    }
}
