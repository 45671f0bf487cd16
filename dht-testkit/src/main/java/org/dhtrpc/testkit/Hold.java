package org.dhtrpc.testkit;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Catches datagrams at the moment of their arrival, to be looked at and let go in an order of the test's choice. How many
 * is not limited: it is the test that has them.
 *
 * <p>What is released arrives at the current time, in the order of the releases, as soon as the simulation runs on; no
 * hold catches it again, but a {@link Partition} may stop it.
 */
public final class Hold {
    private final Medium medium;
    private final Predicate<? super Held> filter;
    private final Set<Held> held = new LinkedHashSet<>();

    Hold(Medium medium, Predicate<? super Held> filter) {
        this.medium = medium;
        this.filter = filter;
    }

    /** What is held now, in the order in which it would have arrived. A snapshot. */
    public List<Held> held() {
        return List.copyOf(held);
    }

    /** Lets all that is held arrive, in the order in which it came. Those that come later are caught as before. */
    public void release() {
        release(held());
    }

    /** Lets these arrive in this order; those that are held no longer are passed over. */
    public void release(List<Held> order) {
        order.forEach(Held::release);
    }

    void release(Held datagram) {
        medium.kernel().checkThread();
        if (held.remove(datagram)) {
            medium.kernel().execute(() -> medium.pass(datagram.flight()));
        }
    }

    /** Lets nothing of what is held arrive; it counts as lost. */
    public void drop() {
        held().forEach(Held::drop);
    }

    void drop(Held datagram) {
        medium.kernel().checkThread();
        if (held.remove(datagram)) {
            medium.count(Fate.LOST);
        }
    }

    /** Catches nothing any more, and lets all that is held arrive. Idempotent. */
    public void heal() {
        medium.faults().remove(this);
        release();
    }

    boolean catches(Flight flight) {
        Held datagram = new Held(this, flight);
        return filter.test(datagram) && held.add(datagram);
    }
}
