package org.dhtrpc.routing;

import org.dhtrpc.Endpoint;
import org.dhtrpc.routing.Candidate.State;

/**
 * Somebody who has named candidates to a lookup, and how those have fared that it answers for.
 *
 * <p>Anybody may name whom they like, so that a liar could have a lookup ask twenty invented nodes that are nearer to the
 * target than all others. It answers for {@value #ROOM} at once who have not proven to be there; when {@value #MISSES} of
 * them are silent or have failed, it is <em>distrusted</em>.
 */
final class Referrer {
    /** How many it may have under way that have not answered. */
    static final int ROOM = 3;

    /** How many of those it named may be silent before it is distrusted. */
    static final int MISSES = 2;

    final Endpoint endpoint;
    private final boolean exempt;

    private int asked;
    private int stalled;
    private int silent;
    private int failed;

    /** @param exempt whether it may name as many as it likes: a bootstrap node, which the user has chosen */
    Referrer(Endpoint endpoint, boolean exempt) {
        this.endpoint = endpoint;
        this.exempt = exempt;
    }

    /** One that it answers for was in one state and is in another. */
    void changed(State from, State to) {
        count(from, -1);
        count(to, 1);
    }

    private void count(State state, int step) {
        switch (state) {
            case ASKED -> asked += step;
            case STALLED -> stalled += step;
            case SILENT -> silent += step;
            case FAILED -> failed += step;
            case KNOWN, ANSWERED, ASIDE -> {}
        }
    }

    /** Whether it may answer for one more. */
    boolean hasRoom() {
        return exempt || (!distrusted() && asked + stalled + silent < ROOM);
    }

    /** Whether those that it named are at the back. */
    boolean distrusted() {
        return !exempt && silent + failed >= MISSES;
    }

    /** Whether nothing speaks against it: nobody whom it answers for is late. */
    boolean punctual() {
        return stalled + silent + failed == 0;
    }
}
