package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;

/**
 * Whether two sockets behind one NAT reach each other by its external addresses (RFC 5780, section 4.5). Both send, several
 * times, so that a NAT that filters these too lets the second one through.
 */
final class HairpinDiscovery {
    static final int TRIES = 3;

    private final Timers timers;
    private final Outbox outbox;
    private final Detours detours;
    private final Side one;
    private final Side other;
    private final long gap;
    private final LongConsumer ended;
    private final List<TransactionId> expected = new ArrayList<>();
    private int tries;
    private boolean over;
    private boolean reached;

    /** @param external where a server sees it */
    record Side(Probe probe, Endpoint external) {}

    HairpinDiscovery(
            Timers timers, Outbox outbox, Detours detours, Side one, Side other, long gap, LongConsumer ended) {
        this.timers = timers;
        this.outbox = outbox;
        this.detours = detours;
        this.one = one;
        this.other = other;
        this.gap = gap;
        this.ended = ended;
    }

    void begin(long now) {
        if (over) {
            return;
        }
        if (tries == TRIES) {
            end(now);
            return;
        }
        send(one, other);
        send(other, one);
        timers.at(now + (++tries == TRIES ? 2 * gap : gap), this::begin);
    }

    private void send(Side from, Side to) {
        TransactionId id = detours.expect((now, socket, sender, message) -> {
            if (socket == to.probe.socket()) {
                reached = true;
                end(now);
            }
        });
        expected.add(id);
        outbox.send(
                from.probe.socket(),
                to.external,
                StunWriter.of(Kind.REQUEST, Stun.BINDING, id).bytes());
    }

    private void end(long now) {
        if (!over) {
            over = true;
            expected.forEach(detours::forget);
            ended.accept(now);
        }
    }

    /** Gives up; nobody is told. */
    void stop() {
        over = true;
    }

    boolean reached() {
        return reached;
    }
}
