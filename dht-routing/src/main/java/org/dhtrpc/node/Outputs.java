package org.dhtrpc.node;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Forward;
import org.dhtrpc.Key;
import org.dhtrpc.Registration;
import org.dhtrpc.message.Message;
import org.dhtrpc.routing.Effect;
import org.dhtrpc.routing.Kademlia;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Punched;
import org.jspecify.annotations.Nullable;

/** Carries out what the machine wants, and hands back what comes of it. On the loop. */
final class Outputs implements Effect.Visitor {
    /** What is sent passes through here. One for each loop, not each node: there are many, and most send seldom. */
    private static final ThreadLocal<@Nullable ByteBuffer> DATAGRAM = new ThreadLocal<>();

    private final Sockets sockets;
    private final EventLoop loop;
    private final Codec codec;
    private final int maxDatagram;
    private final Kademlia machine;
    private final Dispatch dispatch;
    private final Bootstrap bootstrap;
    private final Punching punching;
    private final Listeners listeners;
    private final Consumer<Runnable> inputs;
    private final Problems problems;
    private final Handlers handlers;
    private final Function<Endpoint, Key> ids;

    /** Written on the loop, read anywhere. */
    private volatile Presence presence;

    /** @param ids makes the id that belongs to an address */
    Outputs(
            Sockets sockets,
            EventLoop loop,
            Codec codec,
            Kademlia machine,
            Dispatch dispatch,
            Bootstrap bootstrap,
            Punching punching,
            Listeners listeners,
            Consumer<Runnable> inputs,
            Problems problems,
            Function<Endpoint, Key> ids) {
        this.sockets = sockets;
        this.loop = loop;
        this.codec = codec;
        this.maxDatagram = codec.wire().maxDatagram();
        this.machine = machine;
        this.dispatch = dispatch;
        this.bootstrap = bootstrap;
        this.punching = punching;
        this.listeners = listeners;
        this.inputs = inputs;
        this.problems = problems;
        this.ids = ids;
        this.presence = Presence.of(machine);
        this.handlers = new Handlers(inputs, new Outcomes());
    }

    /** Takes a handler in. From any thread. */
    Registration register(Handlers.Registered handler) {
        inputs.accept(() -> {
            handlers.add(handler);
            machine.handle(loop.nanoTime(), handler.command(), handler.phase());
        });
        return () -> inputs.accept(() -> {
            if (handlers.remove(handler)) {
                machine.unhandle(loop.nanoTime(), handler.command(), handler.phase());
            }
        });
    }

    @Override
    public void send(Effect.Send effect) {
        Message message = effect.message();
        try {
            ByteBuffer datagram = datagram();
            codec.encode(message, datagram);
            sockets.send(effect.to(), datagram.flip(), effect.sibling());
        } catch (RuntimeException e) {
            // A part of somebody else's that breaks its contract: this datagram is lost, as any may be.
            problems.report("Not sent, a message to " + effect.to(), e);
        }
    }

    /** Room for the largest datagram. The byte order too: a transport that changed it must not change it for the next one. */
    private ByteBuffer datagram() {
        ByteBuffer datagram = DATAGRAM.get();
        if (datagram == null || datagram.capacity() < maxDatagram) {
            datagram = ByteBuffer.allocate(maxDatagram);
            DATAGRAM.set(datagram);
        }
        return datagram.clear().order(ByteOrder.BIG_ENDIAN);
    }

    @Override
    public void deliver(Effect.Deliver effect) {
        dispatch.deliver(effect);
    }

    @Override
    public void finished(Effect.Finished effect) {
        dispatch.finished(effect);
    }

    @Override
    public void answered(Effect.Answered effect) {
        dispatch.answered(effect);
    }

    @Override
    public void call(Effect.Call effect) {
        handlers.run(effect);
    }

    /** What becomes of the calls of handlers. */
    private final class Outcomes implements Handlers.Outcome {
        @Override
        public void ended(Effect.Call effect, int error, @Nullable Bytes value, @Nullable Throwable cause) {
            machine.answer(loop.nanoTime(), effect.call(), error, value);
            if (cause != null) {
                failed(effect, cause);
            }
        }

        @Override
        public void forwarded(Effect.Call effect, Forward forward) {
            machine.forward(loop.nanoTime(), effect.call(), forward);
        }
    }

    private void failed(Effect.Call effect, Throwable cause) {
        if (listeners.none()) {
            // Somebody should hear of it: the caller is not told more than that the handler failed.
            problems.report("The handler of " + effect.command() + " failed", cause);
        }
        listeners.tell(new DhtEvent.HandlerFailed(effect.query(), cause));
    }

    @Override
    public void punch(Effect.Punch effect) {
        punching.ask(effect.peer(), effect.referrer(), inputs)
                .whenComplete((@Nullable Punched punched, @Nullable Throwable e) -> inputs.accept(() ->
                        machine.punched(loop.nanoTime(), effect.punch(), punched == null ? null : punched.endpoint())));
    }

    @Override
    public void identify(Effect.Identify effect) {
        Key id = null;
        try {
            id = ids.apply(effect.address());
        } catch (RuntimeException e) {
            // A part of somebody else's: the node stays as it is.
            problems.report("No id was made for " + effect.address(), e);
        }
        machine.reidentify(loop.nanoTime(), id, effect.address());
    }

    @Override
    public void locate(Effect.Locate effect) {
        bootstrap.locate(found -> {
            machine.bootstrap(loop.nanoTime(), found.endpoints(), found.failures());
            dispatch.located();
        });
    }

    @Override
    public void joined(Effect.Joined effect) {
        bootstrap.joined(effect);
        if (effect.state() == DhtState.SUSPENDED) {
            dispatch.suspended();
        }
    }

    /** Who the node is now. From any thread. */
    Presence presence() {
        return presence;
    }

    @Override
    public void publish(Effect.Publish effect) {
        DhtEvent event = effect.event();
        if (event instanceof DhtEvent.BecamePersistent
                || event instanceof DhtEvent.BecameEphemeral
                || event instanceof DhtEvent.AddressChanged) {
            presence = Presence.of(machine);
        }
        listeners.tell(event);
    }
}
