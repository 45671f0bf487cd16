package org.dhtrpc.node;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Query;
import org.dhtrpc.routing.Effect;
import org.dhtrpc.routing.Kademlia;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Punched;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for which operation of the machine, and the way in: names are resolved, and the first word of the bootstrap
 * nodes awaited, before an operation enters. On the loop.
 */
final class Dispatch implements Entrance {
    private final Kademlia machine;
    private final EventLoop loop;
    private final HostNames hosts;
    private final Punching punching;
    private final Consumer<Runnable> inputs;
    private final Duration queryDeadline;

    // Each is made when it is first needed: most nodes only answer others.

    private Map<Long, NodeStream> streams = Collections.emptyMap();

    /** Queries that begin by asking whom we know, while we know nobody and have yet to learn where to ask. */
    private Map<NodeStream, Early> early = Collections.emptyMap();

    private record Early(long deadline, EventLoop.Timer timer) {}

    /** Who waits for the hole puncher, or for the names that it needs. */
    private Set<LoopFuture<Punched>> punches = Collections.emptySet();

    private boolean located;

    /** @param inputs runs what a timer wants done as the driver runs everything */
    Dispatch(
            Kademlia machine,
            EventLoop loop,
            HostNames hosts,
            Punching punching,
            Consumer<Runnable> inputs,
            Duration queryDeadline) {
        this.machine = machine;
        this.punching = punching;
        this.loop = loop;
        this.hosts = hosts;
        this.inputs = inputs;
        this.queryDeadline = queryDeadline;
    }

    @Override
    public void start(NodeStream stream) {
        Query query = stream.query;
        Duration given = query.deadline();
        long deadline = loop.nanoTime() + (given == null ? queryDeadline : given).toNanos();
        if (query.targeted()) {
            hosts.resolve(query.hosts(), deadline, () -> !stream.ended(), found -> {
                if (found.failures().isEmpty()) {
                    enter(stream, query.nodes(found.endpoints()), deadline);
                } else {
                    stream.end(found.failures().get(0));
                }
            });
        } else if (located || machine.knowsSomebody()) {
            enter(stream, query, deadline);
        } else {
            if (early.isEmpty()) {
                early = new LinkedHashMap<>();
            }
            early.put(
                    stream, new Early(deadline, loop.schedule(deadline, () -> inputs.accept(() -> tooEarly(stream)))));
        }
    }

    private void tooEarly(NodeStream stream) {
        early.remove(stream);
        stream.end(new DhtException(
                Reason.TIMED_OUT,
                "The deadline passed while the names of the bootstrap nodes were looked up: " + stream.query));
    }

    /** It is known where the bootstrap nodes are, or that they cannot be found. */
    void located() {
        located = true;
        Map<NodeStream, Early> waited = new LinkedHashMap<>(early);
        nobodyIsEarly();
        waited.forEach((stream, wait) -> enter(stream, stream.query, wait.deadline));
    }

    private void enter(NodeStream stream, Query query, long deadline) {
        if (stream.ended()) {
            return;
        }
        long now = loop.nanoTime();
        Query entering = query.deadline(Duration.ofNanos(Math.max(1, deadline - now)));
        long id = stream.commits ? machine.closest(now, entering) : machine.query(now, entering);
        if (streams.isEmpty()) {
            streams = new HashMap<>();
        }
        streams.put(id, stream);
        stream.entered(id);
    }

    @Override
    public void forget(NodeStream stream) {
        Early wait = early.remove(stream);
        if (wait != null) {
            wait.timer.cancel();
        }
    }

    /** Nobody is waited for any more: those who wait are told otherwise. */
    void close() {
        nobodyIsEarly();
        streams = Collections.emptyMap();
        punches = Collections.emptySet();
    }

    /** The node has fallen silent. The machine has ended what it has; of the callers' punches it knows nothing. */
    void suspended() {
        List.copyOf(punches).forEach(future -> future.end(suspendedException()));
    }

    private static DhtException suspendedException() {
        return new DhtException(Reason.SUSPENDED, "The node is suspended");
    }

    private void nobodyIsEarly() {
        early.values().forEach(wait -> wait.timer.cancel());
        early = Collections.emptyMap();
    }

    @Override
    public void demand(long operation, long n) {
        machine.demand(loop.nanoTime(), operation, n);
    }

    @Override
    public void cancel(long operation, DhtException failure) {
        machine.cancel(loop.nanoTime(), operation, failure);
    }

    /** Asks one node, unless the caller has lost interest. */
    void request(Endpoint to, Direct<?> direct) {
        request(to, direct, direct.timeout);
    }

    /** Asks one node that is given as a text. */
    void request(String to, Direct<?> direct) {
        long deadline = loop.nanoTime() + direct.timeout;
        hosts.resolve(List.of(to), deadline, () -> !direct.isDone(), found -> {
            if (found.failures().isEmpty()) {
                request(found.endpoints().get(0), direct, Math.max(1, deadline - loop.nanoTime()));
            } else {
                direct.ended(null, found.failures().get(0));
            }
        });
    }

    private void request(Endpoint to, Direct<?> direct, long left) {
        if (direct.isDone()) {
            direct.leave();
        } else {
            direct.entered(machine.request(
                    loop.nanoTime(), to, direct.command, direct.target, direct.value, direct.answeredBy, left, direct));
        }
    }

    /** Reaches a peer with the help of a referrer, given in this order. */
    void punch(List<String> peerAndReferrer, LoopFuture<Punched> future) {
        if (future.isDone()) {
            return;
        }
        if (machine.suspended()) {
            future.end(suspendedException());
            return;
        }
        if (punches.isEmpty()) {
            punches = new LinkedHashSet<>();
        }
        punches.add(future);
        future.whenComplete((punched, failure) -> inputs.accept(() -> punches.remove(future)));
        long deadline = loop.nanoTime() + queryDeadline.toNanos();
        hosts.resolve(peerAndReferrer, deadline, () -> !future.isDone(), found -> {
            if (found.failures().isEmpty()) {
                punch(found.endpoints().get(0), found.endpoints().get(1), deadline, future);
            } else {
                future.end(found.failures().get(0));
            }
        });
    }

    private void punch(Endpoint peer, Endpoint referrer, long deadline, LoopFuture<Punched> future) {
        if (future.isDone()) {
            return;
        }
        EventLoop.Timer patience = loop.schedule(
                deadline,
                () -> future.end(new DhtException(
                        Reason.TIMED_OUT, "No path to " + peer + " within " + queryDeadline.toMillis() + " ms")));
        future.whenComplete((punched, failure) -> patience.cancel());
        machine.punching(peer, referrer);
        punching.ask(peer, referrer, inputs)
                .whenComplete((@Nullable Punched punched, @Nullable Throwable failure) -> inputs.accept(() -> {
                    if (punched != null) {
                        future.complete(punched);
                    } else if (failure != null) {
                        Throwable cause = failure.getCause();
                        future.completeExceptionally(
                                failure instanceof CompletionException && cause != null ? cause : failure);
                    }
                }));
    }

    void deliver(Effect.Deliver effect) {
        NodeStream stream = streams.get(effect.operation());
        if (stream != null) {
            stream.deliver(effect.result());
        }
    }

    void finished(Effect.Finished effect) {
        NodeStream stream = streams.remove(effect.operation());
        if (stream != null) {
            stream.finish(effect.summary(), effect.failure());
        }
    }

    void answered(Effect.Answered effect) {
        if (effect.caller() instanceof Asking asking) {
            asking.ended(effect.answer(), effect.failure());
        }
    }
}
