package org.dhtrpc.routing;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;

/**
 * Keeps open what a NAT or firewall lets in: pings the k nearest contacts, each every 15 to 25 s, from the main socket. They
 * are those who name us, and by whose help others can punch to us. Linux forgets a path after 30 s that nobody has answered
 * on, and RFC 4787 allows for no less than two minutes.
 *
 * <p>One timer, however many they are. Who does not answer is as stale as any other contact, and others are nearest then.
 */
final class Keepalive extends Deadlines.Entry {
    private static final long LEAST = Duration.ofSeconds(15).toNanos();
    private static final long SPREAD = Duration.ofSeconds(10).toNanos();
    private static final long FIRST = Duration.ofSeconds(5).toNanos();

    private final Identity self;
    private final int k;
    private final RoutingTable table;
    private final PingBacks pings;
    private final Deadlines deadlines;
    private final RandomGenerator random;

    /** When each is pinged next. */
    private Map<Endpoint, Long> next = Collections.emptyMap();

    Keepalive(Identity self, int k, RoutingTable table, PingBacks pings, Deadlines deadlines, RandomGenerator random) {
        this.self = self;
        this.k = k;
        this.table = table;
        this.pings = pings;
        this.deadlines = deadlines;
        this.random = random;
    }

    void begin(long now) {
        if (!waiting()) {
            deadlines.set(this, now);
        }
    }

    void end() {
        deadlines.cancel(this);
        next = Collections.emptyMap();
    }

    /** How many are kept open. */
    int size() {
        return next.size();
    }

    @Override
    void expire(long now) {
        Map<Endpoint, Long> nearest = new LinkedHashMap<>();
        long first = now + LEAST;
        for (Contact contact : table.closest(self.id(), k, null)) {
            long due = next.getOrDefault(contact.endpoint(), now + 1 + within(FIRST));
            if (due - now <= 0) {
                pings.contact(now, contact);
                due = now + LEAST + within(SPREAD);
            }
            nearest.put(contact.endpoint(), due);
            first = due - first < 0 ? due : first;
        }
        next = nearest;
        deadlines.set(this, first);
    }

    private long within(long span) {
        return (random.nextLong() >>> 1) % span;
    }
}
