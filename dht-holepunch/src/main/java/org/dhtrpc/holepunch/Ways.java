package org.dhtrpc.holepunch;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By which ways the other end of a punch was heard, and by which it has answered; few of either. */
final class Ways {
    private static final int MOST = 16;

    /** By which its probes came, whose answer may have been lost. */
    private final Set<Way> heard = new LinkedHashSet<>();

    private final Set<Way> answered = new LinkedHashSet<>();

    private @Nullable Way nominated;

    boolean none() {
        return heard.isEmpty();
    }

    /** A probe came; true if it is the first by this way, and there is room for one more. */
    boolean heard(Way way) {
        return heard.size() < MOST && heard.add(way);
    }

    /** It has answered there; true if it wants it to be this way. */
    boolean answered(Way way) {
        if (way.leadsWhere(nominated)) {
            return true;
        }
        if (answered.size() < MOST) {
            answered.add(way);
        }
        return false;
    }

    /** It wants it to be this way; true if it has answered there. A source is easily forged: only who has answered is there. */
    boolean nominated(Way way) {
        nominated = way;
        return answered.stream().anyMatch(way::leadsWhere);
    }
}
