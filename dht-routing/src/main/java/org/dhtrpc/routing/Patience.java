package org.dhtrpc.routing;

import org.dhtrpc.message.Command;

/**
 * Whether those who are late in a {@link Lookup} are worth waiting for. A datagram that got lost is sent again, and then
 * there is an answer; where one candidate after the other is silent to two sends, and nobody has answered to a second, they
 * are gone, and to wait for the others who are late is a second lost.
 */
final class Patience {
    /** Whom to wait for. */
    enum Wait {
        /** For the late only while there is room for them. */
        PROMPT,
        /** For the late in any case, and not for those who have gone silent. */
        LATE,
        /** For the late in any case, and for the silent while there is room for them. */
        SILENT
    }

    /** So many who are silent, for each who was late and answered after all, and one more. */
    private static final int ENOUGH = 3;

    private int unreached;
    private int late = 1;

    /** Somebody is silent to two sends. */
    void unreached() {
        unreached++;
    }

    /** Somebody has answered after a repeat. */
    void answeredLate() {
        late++;
    }

    /** Whether somebody is probably gone. */
    boolean doubts() {
        return unreached > 0;
    }

    /**
     * Whether a candidate that has gone silent is asked once more: where as many were late only as are silent to two sends,
     * three datagrams may be lost in a row. Not if a handler would run again.
     */
    boolean triesAgain(Candidate candidate, Command command) {
        boolean first = !candidate.askedAgain && candidate.earlier == null;
        candidate.askedAgain = true;
        return first && command.builtIn() && unreached < late;
    }

    /** A handler may take its time; but an answer without one's part in it is not to be expected from the silent. */
    Wait of(Command command) {
        if (!command.builtIn()) {
            return Wait.SILENT;
        }
        return unreached < ENOUGH * late ? Wait.LATE : Wait.PROMPT;
    }
}
