package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The punches of others by their numbers, each for a minute after the last that was passed on for it. Beyond so many the quietest is
 * forgotten.
 */
final class Referrals {
    static final int MOST = 1_024;

    /** For how long one is remembered, in nanoseconds. */
    static final long MEMORY = 60_000_000_000L;

    /** Of how many RELAY indications are passed on at once. */
    static final int MOST_RELAYED = 64;

    /** The quietest first. */
    private final Map<Long, Referral> byNumber = new LinkedHashMap<>();

    private final List<Referral> relayed = new ArrayList<>();

    @Nullable
    Referral find(long now, long number) {
        Iterator<Referral> quietest = byNumber.values().iterator();
        while (quietest.hasNext() && quietest.next().quietFor(now, MEMORY)) {
            quietest.remove();
        }
        return byNumber.get(number);
    }

    /** A new one, whose number is not in use. */
    void add(Referral referral) {
        if (byNumber.size() >= MOST) {
            byNumber.remove(byNumber.keySet().iterator().next());
        }
        byNumber.put(referral.asked.high(), referral);
    }

    /** Something was passed on for it. */
    void heard(long now, Referral referral) {
        referral.heard(now);
        byNumber.remove(referral.asked.high());
        byNumber.put(referral.asked.high(), referral);
    }

    void forget(Referral referral) {
        byNumber.remove(referral.asked.high());
    }

    /** Whether one more can be relayed. */
    boolean relaysOneMore(long now) {
        relayed.removeIf(referral -> referral.relayOver(now) || byNumber.get(referral.asked.high()) != referral);
        return relayed.size() < MOST_RELAYED;
    }

    /**
     * Counts a RELAY, if it may go on.
     *
     * @param limit of bytes for each
     */
    boolean takeRelay(long now, Referral referral, int bytes, int limit) {
        boolean first = !referral.relaying();
        if ((first && !relaysOneMore(now)) || !referral.takeRelay(now, bytes, limit)) {
            return false;
        }
        if (first) {
            relayed.add(referral);
        }
        return true;
    }

    int size() {
        return byNumber.size();
    }
}
