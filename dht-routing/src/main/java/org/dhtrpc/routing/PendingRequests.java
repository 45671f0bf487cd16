package org.dhtrpc.routing;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for a reply: gives out transaction ids, repeats what gets lost, and matches replies.
 *
 * <p>A reply counts only if both its transaction id and its source are those of a request (flaw F6: by id alone, anyone
 * can answer). Ids come from the node's secure random source. Each request has three timers: it <em>stalls</em> when a
 * reply should have come, and is no longer counted as busy; it is <em>repeated</em>, with the same id; it <em>fails</em>
 * at its deadline. Until then a late reply still counts, unless the request was cancelled.
 *
 * <p>At most {@link KademliaConfig#MAX_PENDING} are under way. The others queue, and every end of a request, whatever
 * it was, lets the next one go (flaw F10: after time-outs alone, the seed's queue never moved again). Of those that are
 * {@linkplain PendingRequest#paced paced} at most {@link KademliaConfig#MAX_BUSY} are busy: as many replies as a socket
 * has room for. They queue by themselves, so that nobody waits for a burst but those who make it.
 */
final class PendingRequests {
    private final Identity self;
    private final long timeout;
    private final int capacity;
    private final long idMask;
    final Dialect dialect;
    private final Padding padding;
    private final Deadlines deadlines;
    private final RandomGenerator random;
    private final RoundTrips roundTrips;
    private final Outbox outbox;
    private final Counters counters;
    private final Pulse pulse;
    private final Failures failures;

    /** By transaction id. Cleared while there are none: a node is idle most of the time. */
    private final Numbered<PendingRequest> sent = new Numbered<>();

    /** How many of the paced ones were sent, or are about to be, and have not stalled. */
    private int busy;

    // Those who wait until there is room, in their order.

    private Collection<PendingRequest> queue = Collections.emptySet();
    private Collection<PendingRequest> paced = Collections.emptySet();

    /** Who is told that a node did not answer, besides whoever asked. */
    @FunctionalInterface
    interface Failures {
        void unanswered(long now, PendingRequest request);
    }

    PendingRequests(
            Identity self,
            KademliaConfig config,
            Wire wire,
            Padding padding,
            Deadlines deadlines,
            RandomGenerator random,
            Outbox outbox,
            Counters counters,
            Pulse pulse,
            Failures failures) {
        this.self = self;
        this.timeout = config.requestTimeout().toNanos();
        this.dialect = new Dialect(wire);
        this.padding = padding;
        this.idMask = -1L >>> (64 - wire.transactionBits());
        // Half of a small id space stays free, so that a random id is soon found.
        this.capacity = (int) Math.min(KademliaConfig.MAX_PENDING, Math.max(1, idMask >>> 1));
        this.deadlines = deadlines;
        this.random = random;
        this.roundTrips = new RoundTrips();
        this.outbox = outbox;
        this.counters = counters;
        this.pulse = pulse;
        this.failures = failures;
    }

    int size() {
        return sent.size() + queue.size() + paced.size();
    }

    /** Sends a request, now or when there is room. Its deadline counts from now. */
    void submit(long now, PendingRequest request) {
        submit(now, request, timeout);
    }

    void submit(long now, PendingRequest request, long timeoutNanos) {
        request.submitted = now;
        request.carrier = this;
        request.failAt = now + timeoutNanos;
        deadlines.set(request, request.failAt);
        if (request.paced() && (busy >= KademliaConfig.MAX_BUSY || !paced.isEmpty())) {
            queue(now, request, true);
        } else {
            admit(now, request);
        }
    }

    private void admit(long now, PendingRequest request) {
        request.busy = request.paced();
        busy += request.busy ? 1 : 0;
        if (queue.isEmpty() && sent.size() < capacity) {
            send(now, request);
        } else {
            queue(now, request, false);
        }
    }

    private void queue(long now, PendingRequest request, boolean forPace) {
        if (queue.size() + paced.size() >= KademliaConfig.MAX_QUEUED) {
            release(request);
            request.failed(now, DhtException.Reason.OVERLOADED);
        } else if (forPace) {
            paced = paced.isEmpty() ? new LinkedHashSet<>() : paced;
            paced.add(request);
        } else {
            queue = queue.isEmpty() ? new LinkedHashSet<>() : queue;
            queue.add(request);
        }
    }

    private void send(long now, PendingRequest request) {
        long transaction;
        do {
            transaction = random.nextLong() & idMask;
        } while (sent.get(transaction) != null);
        request.fromSibling = self.asksFromSibling || request.bySibling();
        // Nobody is to know us where the sibling is.
        Request message = padding.message(transaction, request.fromSibling ? null : self.sender(), request);
        request.message = message;
        sent.put(transaction, request);
        request.firstSent = now;
        request.stallAt = now + request.delay() + roundTrips.stall();
        transmit(now, request, message);
        arm(request);
    }

    private void transmit(long now, PendingRequest request, Request message) {
        if (request.sends++ == 0) {
            counters.requestsSent++;
        } else {
            counters.repeatsSent++;
        }
        request.repeatAt = now + request.delay() + roundTrips.waitAfter(request.sends, request.command.builtIn());
        outbox.add(new Effect.Send(request.to, message, request.fromSibling));
    }

    private void arm(PendingRequest request) {
        long next = request.failAt;
        if (!request.stalled) {
            next = earlier(next, request.stallAt);
        }
        if (!request.silent) {
            next = earlier(next, request.repeatAt);
        }
        deadlines.set(request, next);
    }

    private static long earlier(long left, long right) {
        return left - right <= 0 ? left : right;
    }

    /** One of a request's times has come. */
    void timer(long now, PendingRequest request) {
        Request message = request.message;
        if (message == null || now - request.failAt >= 0) {
            fail(now, request);
            return;
        }
        boolean stalls = !request.stalled && now - request.stallAt >= 0;
        boolean falls = false;
        boolean lastSend = false;
        if (!request.silent && now - request.repeatAt >= 0) {
            if (request.sends < request.maxSends()) {
                transmit(now, request, message);
                lastSend = request.sends == request.maxSends();
            } else {
                falls = true;
            }
        }
        request.stalled |= stalls;
        request.silent |= falls;
        arm(request);
        if (stalls) {
            request.stalled(now);
        }
        if (lastSend && request.carrier != null) {
            request.unreached(now);
        }
        if (falls && request.carrier != null) {
            request.silent(now);
        }
        if (stalls) {
            rest(request);
            drain(now);
        }
    }

    /** It is busy no more. */
    private void rest(PendingRequest request) {
        busy -= request.busy ? 1 : 0;
        request.busy = false;
    }

    private void fail(long now, PendingRequest request) {
        // A caller's short deadline, or a long queue, says nothing about the node.
        boolean hadTime = request.message != null && now - request.stallAt >= 0;
        release(request);
        counters.requestsFailed++;
        if (hadTime && request.tells()) {
            pulse.failed(now);
            failures.unanswered(now, request);
        }
        request.failed(now, DhtException.Reason.TIMED_OUT);
        drain(now);
    }

    /**
     * The request that this reply answers, which is then no longer pending; null if nobody waits for it. A pong that does
     * not say how it sees us answers nothing.
     */
    @Nullable
    PendingRequest match(Endpoint from, Reply reply) {
        PendingRequest request = sent.get(reply.transaction());
        if (request == null || !request.isAnsweredBy(from)) {
            return null;
        }
        if (dialect.lacksAddress(request, reply)) {
            return null;
        }
        release(request);
        return request;
    }

    /**
     * The request of ours that has come back to us, since its receiver is ourselves; null if this is somebody else's. Its
     * transaction id says so: nobody else knows it but the receiver. Where ids are short, so that another's may be the same
     * by chance, so does whom it was sent to, or where it came from.
     */
    @Nullable
    PendingRequest returned(Endpoint from, Request request) {
        PendingRequest ours = sent.get(request.transaction());
        return ours != null
                        && ours.message != null
                        && Objects.equals(request.sender(), ours.message.sender())
                        && (request.to() == null
                                ? from.port() == self.endpoint().port()
                                : ours.to.equals(request.to()))
                        && request.command().equals(ours.command)
                        && Objects.equals(request.target(), ours.target)
                ? ours
                : null;
    }

    /** Completes a request that {@link #match} returned. */
    void complete(long now, PendingRequest request, Endpoint from, @Nullable Key sender, Reply reply) {
        long roundTrip = now - request.firstSent;
        pulse.answered(now);
        roundTrips.answered(request.command.builtIn(), request.teaches(), roundTrip);
        request.replied(now, new Effect.Answer(from, sender, reply, roundTrip));
        drain(now);
    }

    /** Forgets a request; its owner is not called. */
    void cancel(long now, PendingRequest request) {
        if (request.carrier != null) {
            release(request);
            drain(now);
        }
    }

    /** Sends a request no more; a reply still counts, and so does its absence. Its owner is not called about one unsent. */
    void mute(PendingRequest request) {
        request.stalled = true;
        request.silent = true;
        if (request.carrier == null) {
            return;
        }
        if (request.message == null) {
            release(request);
        } else {
            arm(request);
        }
    }

    private void release(PendingRequest request) {
        deadlines.cancel(request);
        request.carrier = null;
        rest(request);
        if (request.message != null) {
            sent.remove(request.message.transaction());
            if (sent.isEmpty()) {
                sent.clear();
            }
        } else {
            queue.remove(request);
            paced.remove(request);
        }
    }

    private void drain(long now) {
        while (!queue.isEmpty() && sent.size() < capacity) {
            next(now, queue, request -> send(now, request));
        }
        while (!paced.isEmpty() && busy < KademliaConfig.MAX_BUSY) {
            next(now, paced, request -> admit(now, request));
        }
    }

    /** Lets the next one go, unless its time is up: its timer is about to fail it. */
    private static void next(long now, Collection<PendingRequest> waiting, Consumer<PendingRequest> go) {
        PendingRequest next = waiting.iterator().next();
        waiting.remove(next);
        if (now - next.failAt < 0) {
            go.accept(next);
        }
    }

    /** Forgets every request, whose timers are gone already; no owner is called. Who made a paced one cancels it. */
    void close() {
        queue = Collections.emptySet();
        paced = Collections.emptySet();
        sent.clear();
    }
}
