package org.dhtrpc.transport.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A group of event loops, one daemon thread each, that any number of {@link NettyTransport}s share. Each transport stays
 * on one of them for good, which is its {@link NettyTransport#loop loop}: a datagram is decoded, handled and answered on
 * the thread that read it. The threads keep no program alive: a {@code main} that returns ends it.
 *
 * <p>Tasks of one loop run in the order in which they were handed over, timers in the order of their deadlines and, where
 * those are equal, of their scheduling; between the two, and between sockets, there is no order. None of them starves the
 * others: each turn of a loop takes at most 64 tasks, then a bounded number of datagrams of each socket, then at most 64
 * timers. Timers fire up to a millisecond late.
 *
 * <p>What a task, timer or receiver throws is reported to the {@link System.Logger} with the name of this class. So is
 * the end of a loop that dies of an error; it closes itself, and its transports with it.
 */
public final class NettyLoops implements AutoCloseable {
    private final List<NettyLoop> loops;
    private final AtomicInteger turn = new AtomicInteger();
    private final NettyIo io;

    private NettyLoops(NettyIo io, List<NettyLoop> loops) {
        this.io = io;
        this.loops = loops;
    }

    /** Starts a loop for each processor, with the {@linkplain NettyIo#best best I/O} there is. Its maker closes the group. */
    public static NettyLoops start() {
        return start(Runtime.getRuntime().availableProcessors());
    }

    /**
     * Starts so many loops, with the {@linkplain NettyIo#best best I/O} there is. Its maker closes the group.
     *
     * @param threads 1 or more
     */
    public static NettyLoops start(int threads) {
        return start(NettyIo.best(), threads);
    }

    /**
     * Starts so many loops of this kind. Its maker closes the group.
     *
     * @param threads 1 or more
     * @throws UnsupportedOperationException if there is no such I/O here; the message and the cause say why
     */
    public static NettyLoops start(NettyIo io, int threads) {
        return start(io, threads, "dht-netty");
    }

    static NettyLoops start(NettyIo io, int threads, String name) {
        if (threads < 1) {
            throw new IllegalArgumentException("A group has 1 loop or more, not " + threads);
        }
        return start(io, threads, name, io::sockets);
    }

    static NettyLoops start(NettyIo io, int threads, String name, Supplier<Sockets> sockets) {
        List<NettyLoop> loops = new ArrayList<>();
        try {
            for (int i = 1; i <= threads; i++) {
                loops.add(NettyLoop.start(name + (threads == 1 ? "" : " " + i), sockets.get()));
            }
            return new NettyLoops(io, List.copyOf(loops));
        } catch (RuntimeException | Error e) {
            // No file descriptors are left, for instance; those that have begun would run for ever.
            loops.forEach(NettyLoop::close);
            throw e;
        }
    }

    /** What the loops wait for datagrams with. */
    public NettyIo io() {
        return io;
    }

    /** The loop of the next transport: the caller's own if it is one of these, or each in its turn. */
    NettyLoop next() {
        for (NettyLoop loop : loops) {
            if (loop.inLoop()) {
                return loop;
            }
        }
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    /**
     * Ends the loops and closes all their transports, which tell their receivers. Tasks and timers that have not begun
     * are dropped, and so are those that come later; those that are running end in their own time. From any thread;
     * idempotent. It waits for no task, but like {@link NettyTransport#close} for receives that are running; on one of
     * the loops for none at all: the others then end on their own threads, soon after.
     */
    @Override
    public void close() {
        boolean inside = loops.stream().anyMatch(NettyLoop::inLoop);
        for (NettyLoop loop : loops) {
            if (inside && !loop.inLoop()) {
                // Two loops that closed the group at a time would wait for each other.
                loop.closeItself();
            } else {
                loop.close();
            }
        }
    }
}
