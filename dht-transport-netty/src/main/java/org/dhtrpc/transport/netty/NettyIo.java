package org.dhtrpc.transport.netty;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How Netty talks to the system: in the way of every JDK, or of Linux by its own native libraries. */
@SuppressWarnings("ImmutableEnumChecker") // What makes the sockets has no state.
public enum NettyIo {
    /** The JDK's selector: one system call for each datagram. Always available. */
    NIO(() -> null, NioSockets::new),

    /**
     * Linux's epoll: up to 16 datagrams are received by one system call (recvmmsg), and those that one task, or the
     * receives of one batch, send leave by one (sendmmsg). Needs {@code io.netty:netty-transport-native-epoll} with the
     * classifier of the platform, {@code linux-x86_64} for instance, beside this module.
     */
    EPOLL(() -> Epoll.unavailabilityCause(), () -> new EpollSockets()),

    /**
     * Linux's io_uring. Needs {@code io.netty:netty-transport-native-io_uring} with the classifier of the platform, and a
     * kernel that allows it. For those who have reasons: with the datagrams of a DHT it was the slowest of the three, at
     * 0.5 to 0.75 of epoll's round trips a second, since Netty receives one datagram per completion. It is never chosen
     * {@linkplain #best automatically}.
     *
     * <p>The ring holds on to a socket until the loop has had its turn. So rule T12 has an exception here: where a task
     * closes a transport of its own loop, or keeps the loop from its turns for more than a second, the port is free when
     * that task has returned.
     */
    IO_URING(() -> IoUring.unavailabilityCause(), () -> new IoUringSockets());

    private final Supplier<@Nullable Throwable> cause;
    private final Supplier<Sockets> sockets;

    NettyIo(Supplier<@Nullable Throwable> cause, Supplier<Sockets> sockets) {
        this.cause = cause;
        this.sockets = sockets;
    }

    /** Whether it can be had here. */
    public boolean available() {
        return unavailabilityCause().isEmpty();
    }

    /** Why it cannot be had here: another system, a jar that is missing, a kernel that refuses. Empty if it can. */
    public Optional<Throwable> unavailabilityCause() {
        try {
            return Optional.ofNullable(cause.get());
        } catch (LinkageError e) {
            // Not even the classes are there. They are optional, and named nowhere but in here and in their Sockets.
            return Optional.of(e);
        }
    }

    /**
     * What serves best of what there is: {@link #EPOLL}, or {@link #NIO} where that is not available. Which one it is
     * and why is logged once, at the level DEBUG.
     */
    public static NettyIo best() {
        return Best.IO;
    }

    /** The sockets of one loop. */
    Sockets sockets() {
        unavailabilityCause().ifPresent(cause -> {
            throw new UnsupportedOperationException(
                    this + " is not available here: " + cause + "; on Linux, is io.netty:netty-transport-native-"
                            + name().toLowerCase(Locale.ROOT)
                            + " with the classifier of the platform on the class path?",
                    cause);
        });
        return sockets.get();
    }

    /** Found out when it is first asked for. */
    private static final class Best {
        static final NettyIo IO = found();

        private static NettyIo found() {
            Optional<Throwable> cause = EPOLL.unavailabilityCause();
            NettyIo best = cause.isEmpty() ? EPOLL : NIO;
            String why = cause.map(missing -> ", since EPOLL is not available: " + missing)
                    .orElse("");
            NettyLoop.report(Level.DEBUG, "UDP by " + best + why, null);
            return best;
        }
    }
}
