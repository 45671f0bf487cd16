package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that a datagram came from within the last minute, of whatever kind: a mapping of theirs to us may be open. At most
 * 4,096 of them. One that is known costs a look at sixteen places, and no memory.
 *
 * <p>The places are in rows, and an endpoint can stand in one row only, which a secret makes unpredictable; the ports of one host
 * share eight rows. So whoever has one host can fill a small part of the table. Whoever forges sources fills all of it, but the
 * <em>regulars</em>, those that were heard again ten seconds or more after the first time, keep their places for as long as they
 * are heard once a minute: newcomers push out only newcomers, who have a quarter of the places for themselves.
 *
 * <p>What remains: who forges steadily can make regulars of his own, and take all places that are free by then; other newcomers
 * are then known only until as many have come after them, the shorter the more he sends. And an endpoint whose source was forged
 * counts as seen. That somebody was seen proves nothing; it is why {@link Referrer} limits what it sends to any one.
 */
final class Seen {
    /** For how long, in nanoseconds. */
    static final long MEMORY = 60_000_000_000L;

    /** A regular is heard again so long after the first time. */
    static final long PROBATION = 10_000_000_000L;

    static final int MOST = 4_096;

    private static final int PLACES = 16;
    private static final int MOST_REGULARS = 12;
    private static final int ROWS_OF_A_HOST = 8;

    private final @Nullable Row[] rows = new Row[MOST / PLACES];
    private final long firstSecret;
    private final long secondSecret;

    private static final class Sighting {
        private final Endpoint endpoint;
        private long first;
        private long last;
        private boolean regular;

        Sighting(long now, Endpoint endpoint) {
            this.endpoint = endpoint;
            first = now;
            last = now;
        }

        boolean over(long now) {
            return now - last > MEMORY;
        }
    }

    Seen(RandomGenerator random) {
        firstSecret = random.nextLong();
        secondSecret = random.nextLong();
    }

    /** A datagram came from there. */
    void saw(long now, Endpoint from) {
        int place = place(from);
        Row row = rows[place];
        if (row == null) {
            row = new Row();
            rows[place] = row;
        }
        row.saw(now, from);
    }

    /** Whether one did within the last minute. */
    boolean lately(long now, Endpoint endpoint) {
        Row row = rows[place(endpoint)];
        Sighting sighting = row == null ? null : row.find(endpoint);
        return sighting != null && !sighting.over(now);
    }

    private int place(Endpoint endpoint) {
        long mixed = mix(endpoint.highBits() ^ firstSecret) ^ endpoint.lowBits();
        mixed = mix(mixed) ^ secondSecret + endpoint.port() % ROWS_OF_A_HOST;
        return (int) Long.remainderUnsigned(mix(mixed), rows.length);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    /** How many places are taken. */
    int size() {
        int size = 0;
        for (Row row : rows) {
            size += row == null ? 0 : row.sightings.size();
        }
        return size;
    }

    private static final class Row {
        private final List<Sighting> sightings = new ArrayList<>(2);

        @Nullable
        Sighting find(Endpoint endpoint) {
            // By index: an iterator would be garbage for each datagram.
            for (int i = 0; i < sightings.size(); i++) {
                if (sightings.get(i).endpoint.equals(endpoint)) {
                    return sightings.get(i);
                }
            }
            return null;
        }

        void saw(long now, Endpoint from) {
            Sighting known = find(from);
            if (known == null) {
                add(now, from);
                return;
            }
            if (known.over(now)) {
                known.first = now;
                known.regular = false;
            }
            known.last = now;
            if (!known.regular && now - known.first >= PROBATION) {
                known.regular = regulars(now) < MOST_REGULARS;
            }
        }

        private int regulars(long now) {
            int regulars = 0;
            for (int i = 0; i < sightings.size(); i++) {
                Sighting sighting = sightings.get(i);
                regulars += sighting.regular && !sighting.over(now) ? 1 : 0;
            }
            return regulars;
        }

        private void add(long now, Endpoint from) {
            if (sightings.size() == PLACES) {
                sightings.remove(leastWorth(now));
            }
            sightings.add(new Sighting(now, from));
        }

        /** Who was not heard for a minute, or else the newcomer who has been quiet for the longest; of equals the earlier one. */
        private int leastWorth(long now) {
            int least = -1;
            for (int i = 0; i < sightings.size(); i++) {
                Sighting sighting = sightings.get(i);
                if (sighting.over(now)) {
                    return i;
                }
                if (!sighting.regular && (least < 0 || sighting.last - sightings.get(least).last < 0)) {
                    least = i;
                }
            }
            return least;
        }
    }
}
