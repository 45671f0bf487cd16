package org.dhtrpc.examples;

import java.io.PrintWriter;

/**
 * A bar on a terminal that fills while work is done, by one thread or several; one line for each kind of work where there is
 * no terminal.
 */
final class Progress {
    private static final int WIDTH = 40;

    private final PrintWriter out;
    /** The script knows; newer JDKs have a console in a pipe, too. */
    private final boolean terminal = System.getenv("SIMULATE_BAR") != null;

    private String work = "";
    private int total;
    private int shown;

    Progress(PrintWriter out) {
        this.out = out;
    }

    /** Another kind of work begins; nothing is shown of work that there is none of. */
    void begin(String what, int amount) {
        work = what;
        total = amount;
        shown = -1;
        if (amount > 0) {
            done(0);
        }
    }

    /** So much of it is done. */
    synchronized void done(int amount) {
        int filled = (int) ((long) amount * WIDTH / total);
        if (filled > shown) {
            shown = filled;
            show(amount);
        }
    }

    /** It will not be done. */
    void end() {
        if (terminal && shown >= 0 && shown < WIDTH) {
            out.println();
            out.flush();
        }
    }

    private void show(int amount) {
        boolean all = amount == total;
        if (terminal) {
            out.print(String.format(
                    "\r%-8s [%s%s] %,d of %,d%s",
                    work, "#".repeat(shown), ".".repeat(WIDTH - shown), amount, total, all ? "\n" : ""));
        } else if (all) {
            out.println(work + ": " + total);
        }
        out.flush();
    }
}
