package org.dhtrpc.node;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.routing.Effect;
import org.dhtrpc.routing.Kademlia;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Drives the machine: loop, transport and codec on one side, callers on the other. A datagram that arrives is decoded and
 * given to the machine; what the machine then wants done is carried out in {@link #drain}.
 *
 * <p>Everything runs on the loop, but for {@link #execute}, which is how one gets there, and the ways in which a node can
 * end without it.
 */
final class Driver implements Transport.Receiver {
    /** What callers may have under way at once: queries, requests, hole punches, and waiting for the node to be ready. */
    private static final int MAX_CALLERS = 4_096;

    /** How long {@link #close} waits for the loop. */
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final Transport transport;
    private final Sockets sockets;
    private final Kademlia machine;
    private final Mailbox inputs;
    private final Inputs datagrams;
    private final HostNames hosts;

    // What streams and requests work with.

    final EventLoop loop;
    final Dispatch dispatch;
    final Outputs outputs;
    final Questions questions;
    final Bootstrap bootstrap;
    final Problems problems;
    final Listeners listeners;
    final Callers callers = new Callers("operations", MAX_CALLERS);
    private final Alarm alarm;
    private boolean begun;
    private boolean stepping;
    private boolean shutDown;
    private @Nullable DhtException defect;

    /** Somebody wants the node to end: callers are refused from then on. */
    private volatile boolean closing;

    /** It has ended: nothing is carried out any more. */
    private volatile boolean over;

    private final CountDownLatch ended = new CountDownLatch(1);

    Driver(
            Transport transport,
            Codec codec,
            Kademlia machine,
            Limits limits,
            NodeOptions options,
            Punching punching,
            Problems problems,
            Function<Endpoint, Key> ids) {
        this.transport = transport;
        this.sockets = new Sockets(transport, problems);
        this.loop = transport.loop();
        this.machine = machine;
        this.problems = problems;
        this.listeners = new Listeners(problems);
        this.inputs = new Mailbox(loop);
        this.datagrams = new Inputs(codec, loop, machine, problems);
        this.alarm = new Alarm(loop, () -> step(() -> machine.advance(loop.nanoTime())));
        Consumer<Runnable> in = this::execute;
        this.hosts = new HostNames(options.resolver, limits::reachable, loop, in);
        this.bootstrap =
                new Bootstrap(options.bootstrap, hosts, options.config().requestTimeout(), loop, in);
        this.dispatch = new Dispatch(
                machine, loop, hosts, punching, in, options.config().queryDeadline());
        this.questions = new Questions(machine, loop, in);
        this.outputs =
                new Outputs(sockets, loop, codec, machine, dispatch, bootstrap, punching, listeners, in, problems, ids);
    }

    /** Opens the transport and begins to join; once there is a second socket, if the machine is not listed without one. */
    void start() {
        transport.open(this);
        if (!machine.wantsSibling() || !machine.ephemeral()) {
            execute(() -> begin(false));
        }
        if (machine.wantsSibling()) {
            sockets.openSibling((from, sent) -> receive(from, sent, true), made -> execute(() -> begin(made)));
        }
    }

    private void begin(boolean sibling) {
        if (sibling) {
            machine.sibling(loop.nanoTime());
        }
        if (!begun) {
            begun = true;
            outputs.locate(new Effect.Locate());
        }
    }

    /** A future that is completed on the loop, or else when the node ends. */
    <T extends @Nullable Object> LoopFuture<T> promise() {
        LoopFuture<T> future = new LoopFuture<>(loop);
        if (callers.admit(future)) {
            // By way of the loop: until it has seen the end, what was handed over for this future may lie there.
            future.whenComplete((value, failure) -> execute(() -> callers.leave(future)));
        }
        return future;
    }

    // In.

    @Override
    public void receive(Endpoint from, ByteBuffer datagram) {
        receive(from, datagram, false);
    }

    private void receive(Endpoint from, ByteBuffer datagram, boolean sibling) {
        inputs.takeAll();
        if (over) {
            return;
        }
        // As in step, without an object for each datagram.
        boolean outermost = enter();
        try {
            datagrams.receive(from, datagram, sibling);
        } catch (RuntimeException | Error e) {
            failStop(e);
        }
        leave(outermost);
    }

    /**
     * Does something on the loop, after what was handed over before: now if the caller is there, else soon; never once the
     * node has ended.
     */
    void execute(Runnable input) {
        if (over) {
            return;
        }
        if (loop.inLoop()) {
            inputs.takeAll();
            step(input);
        } else {
            inputs.add(() -> step(input));
        }
    }

    /** One input, and what the machine wants done about it. An input inside of another is drained with that one. */
    private void step(Runnable input) {
        if (over) {
            return;
        }
        boolean outermost = enter();
        try {
            input.run();
        } catch (RuntimeException | Error e) {
            failStop(e);
        }
        leave(outermost);
    }

    /** True for an input that is not inside of another. */
    private boolean enter() {
        boolean outermost = !stepping;
        stepping = true;
        return outermost;
    }

    private void leave(boolean outermost) {
        if (!outermost) {
            return;
        }
        try {
            drain();
        } catch (RuntimeException | Error e) {
            failStop(e);
        } finally {
            stepping = false;
        }
        settle();
    }

    // Out.

    /** Carries out what the machine wants. Inputs that arrive meanwhile queue further effects, which come after these. */
    private void drain() {
        for (Effect effect = machine.poll(); effect != null && !over; effect = machine.poll()) {
            effect.accept(outputs);
        }
        if (!over) {
            alarm.set(machine.deadline());
        }
    }

    // The end.

    /** Whether the node has ended or is about to. */
    boolean isClosed() {
        return closing;
    }

    DhtException closedException() {
        return new DhtException(Reason.CLOSED, "The node at " + transport.localAddress() + " is closed");
    }

    /** Ends the node, and waits for that unless it is the loop that calls. From any thread. */
    void close() {
        closing = true;
        if (loop.inLoop()) {
            step(this::shutDown);
            return;
        }
        if (over) {
            return;
        }
        inputs.add(() -> step(this::shutDown));
        try {
            if (!ended.await(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                problems.report(
                        "The loop of the node at " + transport.localAddress()
                                + " did not get to closing it: a handler holds it",
                        closedException());
                abandon();
                sockets.closeElsewhere();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void shutDown() {
        machine.close(loop.nanoTime());
        shutDown = true;
    }

    /** After an outermost step: what it has left to be done about the end. */
    private void settle() {
        if (shutDown && !over) {
            questions.rest();
            release(closedException());
        }
        DhtException thrown = defect;
        if (thrown != null) {
            defect = null;
            throw thrown;
        }
    }

    /** True for the first who ends it. */
    private synchronized boolean ends() {
        boolean first = !over;
        over = true;
        return first;
    }

    private void release(DhtException failure) {
        if (!ends()) {
            return;
        }
        try {
            rest();
            tellAll(failure);
            sockets.close();
        } catch (RuntimeException e) {
            problems.report("Closing the node at " + transport.localAddress() + " failed in part", e);
        } finally {
            ended.countDown();
        }
    }

    /** Leaves nothing behind with the loop, which may be others' too. */
    private void rest() {
        alarm.cancel();
        hosts.close();
        bootstrap.close();
        dispatch.close();
    }

    private void tellAll(DhtException failure) {
        callers.end(failure);
        questions.end(failure);
    }

    /**
     * The transport was closed. If that was not our doing somebody has closed it, or the loop has ended: nothing would
     * ever happen again, and nobody must wait for it.
     */
    @Override
    public void closed() {
        if (over) {
            return;
        }
        closing = true;
        if (loop.inLoop()) {
            step(this::shutDown);
        } else {
            abandon();
        }
    }

    /** Ends the node without its loop, which comes to the rest if it is still there and when it can. */
    private void abandon() {
        if (ends()) {
            tellAll(closedException());
            listeners.tell(new DhtEvent.StateChanged(DhtState.CLOSED));
            ended.countDown();
            loop.execute(() -> {
                machine.close(loop.nanoTime());
                questions.rest();
                rest();
                sockets.close();
            });
        }
    }

    /** A broken invariant is our defect: nothing that follows could be trusted. The loop is told, and logs it. */
    private void failStop(Throwable cause) {
        DhtException failure = new DhtException(
                Reason.BUG,
                "A defect in dht-rpc; the node at " + transport.localAddress() + " has closed itself",
                cause);
        defect = failure;
        closing = true;
        try {
            machine.close(loop.nanoTime());
            questions.rest();
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
        release(failure);
        listeners.tell(new DhtEvent.StateChanged(DhtState.CLOSED));
    }
}
