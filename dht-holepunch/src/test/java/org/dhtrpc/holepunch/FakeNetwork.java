package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/** Carries what hosts send, 20 ms each way, through the NATs before them, and loses some of it. */
final class FakeNetwork {
    static final long ONE_WAY = 20_000_000L;
    private static final long NEAR = 200_000L;

    private static final Receiver NOBODY = new Receiver() {
        @Override
        public void opened(long now, int socket, Endpoint local) {}

        @Override
        public void notOpened(long now, int socket) {}

        @Override
        public void receive(long now, int socket, Endpoint from, byte[] datagram) {}
    };

    /** What a host's sockets hand on. */
    interface Receiver {
        void opened(long now, int socket, Endpoint local);

        void notOpened(long now, int socket);

        void receive(long now, int socket, Endpoint from, byte[] datagram);
    }

    /** A host with one address. */
    final class Host {
        final Timers timers = new Timers();
        final Outbox outbox = new Outbox();
        final Endpoint address;
        final @Nullable FakeNat nat;
        final List<Endpoint> sentTo = new ArrayList<>();
        boolean opensSockets = true;

        /** Whether whoever sent to it first is the only one whom it hears, as behind a filter that one has a path through. */
        boolean guarded;

        private @Nullable Endpoint first;

        Receiver receiver = NOBODY;

        int open;
        private final Map<Integer, Endpoint> sockets = new HashMap<>();

        private Host(Endpoint address, @Nullable FakeNat nat) {
            this.address = address;
            this.nat = nat;
            sockets.put(Outbox.MAIN, address);
        }

        private void advance() {
            timers.advance(now);
            Effect effect;
            while ((effect = outbox.poll()) != null) {
                if (effect instanceof Effect.Send send) {
                    sentTo.add(send.to());
                    leave(this, sockets.get(send.socket()), send.to(), send.datagram());
                } else if (effect instanceof Effect.Open opens) {
                    later(NEAR, () -> opens(opens.socket()));
                } else if (effect instanceof Effect.Close close) {
                    open -= sockets.remove(close.socket()) == null ? 0 : 1;
                }
            }
        }

        private void opens(int socket) {
            if (opensSockets) {
                Endpoint local = Endpoint.of(address.address(), random.nextInt(32_768, 61_000));
                sockets.put(socket, local);
                open++;
                receiver.opened(now, socket, local);
            } else {
                receiver.notOpened(now, socket);
            }
        }

        private void arrive(Endpoint from, Endpoint to, byte[] datagram) {
            first = first == null ? from : first;
            if (guarded && !from.equals(first)) {
                return;
            }
            sockets.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(to))
                    .findFirst()
                    .ifPresent(entry -> receiver.receive(now, entry.getKey(), from, datagram));
        }
    }

    private record Event(long time, long order, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return time != other.time ? Long.compare(time, other.time) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Host> hosts = new ArrayList<>();
    private final RandomGenerator random;
    private final double loss;
    private long order;
    boolean blocked;
    long now = 5_000_000_000L;

    /** @param loss of datagrams on each way, half of them before the NAT */
    FakeNetwork(RandomGenerator random, double loss) {
        this.random = random;
        this.loss = loss;
    }

    Host host(String address, @Nullable FakeNat nat) {
        Host host = new Host(Endpoint.parse(address), nat);
        hosts.add(host);
        return host;
    }

    private void later(long delay, Runnable task) {
        events.add(new Event(now + delay, order++, task));
    }

    private boolean lost() {
        return random.nextDouble() < loss / 2;
    }

    private void leave(Host host, @Nullable Endpoint local, Endpoint to, byte[] datagram) {
        if (local == null || blocked || lost()) {
            return;
        }
        FakeNat nat = host.nat;
        if (nat == null || nat.neighbours.contains(to)) {
            later(ONE_WAY, () -> travel(local, to, datagram));
        } else if (!nat.isBehind(to)) {
            Endpoint from = nat.out(now, local, to);
            later(ONE_WAY, () -> travel(from, to, datagram));
        } else if (nat.hairpin) {
            Endpoint from = nat.out(now, local, to);
            later(NEAR, () -> enter(host, from, to, datagram));
        }
    }

    private void travel(Endpoint from, Endpoint to, byte[] datagram) {
        if (lost()) {
            return;
        }
        for (Host host : List.copyOf(hosts)) {
            if (host.nat != null && !host.nat.neighbours.isEmpty() && Scope.sameHost(host.address, to)) {
                host.arrive(from, to, datagram);
            } else if (host.nat == null ? Scope.sameHost(host.address, to) : host.nat.isBehind(to)) {
                enter(host, from, to, datagram);
            }
        }
    }

    private void enter(Host host, Endpoint from, Endpoint to, byte[] datagram) {
        if (lost()) {
            return;
        }
        Endpoint local = host.nat == null ? to : host.nat.in(now, from, to);
        if (local != null) {
            host.arrive(from, local, datagram);
        }
    }

    /** Runs until something is so, or so much time is over. */
    void run(long most, BooleanSupplier done) {
        long end = now + most;
        hosts.forEach(Host::advance);
        while (!done.getAsBoolean() && now < end) {
            long next = events.isEmpty() ? end : events.element().time;
            for (Host host : hosts) {
                next = Math.min(next, host.timers.earliest());
            }
            now = Math.min(end, Math.max(now, next));
            while (!events.isEmpty() && events.element().time <= now) {
                events.remove().task.run();
                hosts.forEach(Host::advance);
            }
            hosts.forEach(Host::advance);
        }
    }

    /** A node that is a STUN server and nothing else. */
    Host server(String address, @Nullable FakeNat nat) {
        Host host = host(address, nat);
        StunServer server = new StunServer(host.timers, host.outbox);
        server.address(host.address, null);
        host.receiver = receiver(server);
        return host;
    }

    private static Receiver receiver(StunServer server) {
        return new Receiver() {
            @Override
            public void opened(long at, int socket, Endpoint local) {
                server.opened(at, socket, local);
            }

            @Override
            public void notOpened(long at, int socket) {
                server.notOpened(at, socket);
            }

            @Override
            public void receive(long at, int socket, Endpoint from, byte[] datagram) {
                StunMessage message = StunMessage.read(ByteBuffer.wrap(datagram));
                if (message != null) {
                    server.receive(at, socket, from, message);
                }
            }
        };
    }

    /** A server that has seen nothing of RFC 5780. */
    Host plainServer(String address) {
        return server(address, request -> {
            StunWriter answer = StunWriter.answer(Kind.ERROR, request).error(Stun.UNKNOWN_ATTRIBUTE, "");
            return request.unknown(type -> false).isEmpty() ? null : answer;
        });
    }

    /** One that tells whoever asks the same lie. */
    Host liar(String address, Endpoint lie) {
        return server(
                address, request -> StunWriter.answer(Kind.SUCCESS, request).xorAddress(Stun.XOR_MAPPED_ADDRESS, lie));
    }

    private Host server(String address, Function<StunMessage, @Nullable StunWriter> answers) {
        Host host = host(address, null);
        host.receiver = new Receiver() {
            @Override
            public void opened(long at, int socket, Endpoint local) {}

            @Override
            public void notOpened(long at, int socket) {}

            @Override
            public void receive(long at, int socket, Endpoint from, byte[] datagram) {
                StunMessage request = StunMessage.read(ByteBuffer.wrap(datagram));
                if (request != null && request.kind() == Kind.REQUEST) {
                    StunWriter answer = answers.apply(request);
                    host.outbox.send(
                            socket,
                            from,
                            (answer != null
                                            ? answer
                                            : StunWriter.answer(Kind.SUCCESS, request)
                                                    .xorAddress(Stun.XOR_MAPPED_ADDRESS, from))
                                    .bytes());
                }
            }
        };
        return host;
    }
}
