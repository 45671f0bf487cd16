package org.dhtrpc.testkit;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * A line across the network that datagrams do not cross, until it is {@linkplain #heal healed}: neither those that are
 * sent while it holds, nor those that were under way when it began. What it has swallowed does not come back.
 */
public final class Partition {
    private final Faults faults;
    private final Border border;
    private final long begin;

    private long cutNanos = Long.MAX_VALUE;
    private long wholeNanos;

    private Partition(Faults faults, Border border, long begin) {
        this.faults = faults;
        this.border = border;
        this.begin = begin;
    }

    /** Whether a datagram from one host to another would cross; a number of 0 stands for what is not a host. */
    private interface Border {
        boolean between(int from, int to);
    }

    /** Each group by itself, and by itself everything that is in none. */
    static Partition groups(Faults faults, List<? extends Collection<SimulatedHost>> groups, long begin) {
        Membership group = new Membership();
        for (int i = 0; i < groups.size(); i++) {
            for (SimulatedHost host : groups.get(i)) {
                group.put(host, i + 1);
            }
        }
        return new Partition(faults, (from, to) -> group.of(from) != group.of(to), begin);
    }

    static Partition oneWay(Faults faults, Collection<SimulatedHost> from, Collection<SimulatedHost> to, long begin) {
        Membership senders = new Membership();
        from.forEach(host -> senders.put(host, 1));
        Membership receivers = new Membership();
        to.forEach(host -> receivers.put(host, 1));
        return new Partition(
                faults,
                (sender, receiver) -> sender != receiver && senders.of(sender) == 1 && receivers.of(receiver) == 1,
                begin);
    }

    /**
     * Makes the line come and go: it holds for {@code cut}, reckoned from its beginning, then it is gone for {@code whole},
     * and so on. A datagram passes that is sent and arrives in times when it is gone.
     *
     * @return this
     * @throws IllegalArgumentException unless both are more than 0, and at most 36,500 days
     */
    public Partition flapping(Duration cut, Duration whole) {
        faults.checkThread();
        cutNanos = Link.spell(cut);
        wholeNanos = Link.spell(whole);
        return this;
    }

    /** Lets datagrams pass from now on, for good. Idempotent. */
    public void heal() {
        faults.remove(this);
    }

    boolean cuts(int from, int to, long now) {
        return holds(now) && border.between(from, to);
    }

    private boolean holds(long now) {
        return wholeNanos == 0 || (now - begin) % (cutNanos + wholeNanos) < cutNanos;
    }
}
