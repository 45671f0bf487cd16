package org.dhtrpc.natlab;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dhtrpc.natlab.Cell.Expected;

/** Which cells there are, and what has to come of each. */
final class Cells {
    private static final Set<String> UNPREDICTABLE = Set.of("sym", "sa");

    private Cells() {}

    /** The classic kinds, each with each. */
    static List<Cell> pairs() {
        return table(List.of("fc", "ar", "pr", "sym", "fw"), List.of("fc", "ar", "pr", "sym", "fw"));
    }

    /** What is left when those work. */
    static List<Cell> hard() {
        List<Cell> cells =
                table(List.of("pr", "sym", "seq"), List.of("seq", "sa", "syme", "lin", "prr", "op", "pm", "blk"));
        cells.add(extra("cgn", "cgn", "a_cgn_h1", "b_cgn_h1", Expected.DIRECT));
        cells.add(extra("cgn", "pr", "a_cgn_h1", "b_pr_h1", Expected.DIRECT));
        cells.add(extra("hair", "hair", "hair_h1", "hair_h2", Expected.DIRECT));
        cells.add(extra("nohair", "nohair", "nohair_h1", "nohair_h2", Expected.DIRECT));
        cells.add(extra("pm", "pm", "a_pm_h1", "b_pm_h1", Expected.DIRECT));
        cells.add(extra("blk", "pr", "b_blk_h1", "a_pr_h1", Expected.BLOCKED));
        return cells;
    }

    /** Kinds where a puncher that works on the others may still stumble. */
    static List<Cell> traps() {
        return List.of(
                extra("acc", "acc", "a_acc_h1", "b_acc_h1", Expected.DIRECT),
                extra("rej", "rej", "a_rej_h1", "b_rej_h1", Expected.DIRECT),
                extra("lan", "lan", "a_lan_h1", "b_lan_h1", Expected.DIRECT),
                extra("deny", "rej", "a_deny_h1", "b_rej_h1", Expected.DIRECT));
    }

    /** The first of them on long paths. */
    static Cell far() {
        return extra("far acc", "acc", "a_acc_h1", "b_acc_h1", Expected.DIRECT);
    }

    private static Cell extra(String from, String to, String caller, String peer, Expected expected) {
        return new Cell(from, to, caller, peer, expected, true);
    }

    private static List<Cell> table(List<String> rows, List<String> columns) {
        List<Cell> cells = new ArrayList<>();
        for (String from : rows) {
            for (String to : columns) {
                cells.add(new Cell(from, to, "a_" + from + "_h1", "b_" + to + "_h1", expected(from, to), false));
            }
        }
        return cells;
    }

    /** No two ports that cannot be guessed ever meet; one that can be and one that cannot neither. */
    private static Expected expected(String from, String to) {
        if (to.equals("blk")) {
            return Expected.UNREACHABLE;
        }
        boolean dependent = UNPREDICTABLE.contains(from) || from.equals("seq");
        return (UNPREDICTABLE.contains(to) && dependent) || (UNPREDICTABLE.contains(from) && to.equals("seq"))
                ? Expected.CONNECTED
                : Expected.DIRECT;
    }
}
