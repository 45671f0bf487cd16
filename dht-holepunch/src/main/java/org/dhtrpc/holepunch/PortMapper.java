package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Has the router open a port that leads to the node's socket, by PCP (RFC 6887) or NAT-PMP (RFC 6886), whichever it answers first.
 * The mapping is renewed when half of its time is over; that the router has begun anew, and forgotten it, is seen by its epoch,
 * which is asked for now and then; at the end the mapping is deleted. UPnP is not spoken.
 *
 * <p>What the router takes for its external address need not be one: where another NAT is behind it, others see us elsewhere, and
 * the mapping is of no use. That is for the caller to compare.
 */
final class PortMapper {
    /** Where routers are asked. */
    static final int PORT = 5_351;

    /** What is asked for, in seconds: what both RFCs advise. */
    static final int LIFETIME = 7_200;

    /** Between two looks at the router's epoch. */
    static final long WATCH = 120_000_000_000L;

    private static final long FIRST_WAIT = 250_000_000L;
    private static final int SENDS = 3;
    private static final long SECOND = 1_000_000_000L;
    private static final long SHORTEST_WAIT = 4 * SECOND;
    private static final int LONGEST_LIFETIME = 7 * 24 * 3_600;
    private static final Endpoint ANY = Endpoint.of(new byte[4], 0);

    /** Takes what leads to the node's socket. */
    @FunctionalInterface
    interface Listener {
        /**
         * There is another mapping, or none.
         *
         * @param external null if there is none, or no longer one
         */
        void mapped(long now, @Nullable Endpoint external);
    }

    private enum Protocol {
        NAT_PMP,
        PCP
    }

    private final Timers timers;
    private final Outbox outbox;
    private final RandomGenerator random;

    private Listener listener = (now, external) -> {};
    private Endpoint gateway = ANY;
    private Endpoint client = ANY;
    private Pcp.Nonce nonce = new Pcp.Nonce(0, 0);
    private int internal;
    private int socket = -1;
    private boolean open;
    private int run;

    private Timers.@Nullable Timer next;
    private boolean asking;
    private @Nullable Protocol used;
    private boolean noPmp;
    private boolean noPcp;
    private @Nullable Endpoint pmpAddress;
    private NatPmp.@Nullable Reply pmpPort;
    private @Nullable Endpoint external;
    private long expires;
    private long epoch = -1;
    private long epochAt;

    PortMapper(Timers timers, Outbox outbox, RandomGenerator random) {
        this.timers = timers;
        this.outbox = outbox;
        this.random = random;
    }

    /** Whether there is a mapping, or one is asked for. */
    boolean running() {
        return socket >= 0;
    }

    /**
     * Begins. The listener is told of each mapping that is another one, and with null that there is none, or no longer one: then it
     * is over, and may begin again.
     *
     * @param gateway the router's address; its port does not matter
     * @param client our address in its network
     * @param internal the port of the node's socket
     * @throws IllegalStateException if it runs
     * @throws IllegalArgumentException if an address is not of IPv4
     */
    void begin(long now, Endpoint gateway, Endpoint client, int internal, Listener listener) {
        if (running()) {
            throw new IllegalStateException("A mapping is under way");
        }
        if (!gateway.isIPv4() || !client.isIPv4()) {
            throw new IllegalArgumentException("Routers are asked by IPv4, not " + gateway + " by " + client);
        }
        this.gateway = Endpoint.of(gateway.address(), PORT);
        this.client = client;
        this.internal = internal;
        this.listener = listener;
        nonce = new Pcp.Nonce(random.nextLong(), random.nextInt());
        socket = outbox.open();
    }

    /** Whether what comes in there is for us. */
    boolean owns(int number) {
        return number == socket;
    }

    /** True if the socket is ours. */
    boolean opened(long now, int number) {
        if (number != socket) {
            return false;
        }
        open = true;
        ask(now, 0);
        int current = run;
        timers.at(now + WATCH, later -> watch(later, current));
        return true;
    }

    /** True if the socket would have been ours: there is no mapping then. */
    boolean notOpened(long now, int number) {
        if (number != socket) {
            return false;
        }
        end(now);
        return true;
    }

    /** Asks for the mapping once more, if there is one: it is about to be needed, and the router may have been rebooted. */
    void renew(long now) {
        if (external != null && !asking) {
            ask(now, 0);
        }
    }

    private void ask(long now, int sends) {
        if (next != null) {
            next.cancel();
        }
        if (sends == SENDS) {
            unanswered(now);
            return;
        }
        if (sends == 0) {
            asking = true;
            noPmp = used == Protocol.PCP;
            noPcp = used == Protocol.NAT_PMP;
            pmpAddress = null;
            pmpPort = null;
        }
        Endpoint wanted = external == null ? Endpoint.of(ANY.address(), internal) : external;
        if (!noPcp) {
            outbox.send(socket, gateway, Pcp.askPort(client, nonce, internal, wanted, LIFETIME));
        }
        if (!noPmp) {
            outbox.send(socket, gateway, NatPmp.askAddress());
            outbox.send(socket, gateway, NatPmp.askPort(internal, wanted.port(), LIFETIME));
        }
        next = timers.at(now + (FIRST_WAIT << sends), later -> ask(later, sends + 1));
    }

    /**
     * Nobody answers, or not as is wished: it is tried again for as long as there is a mapping, each time after half of the rest.
     */
    private void unanswered(long now) {
        asking = false;
        if (next != null) {
            next.cancel();
        }
        if (external == null || expires - now <= SHORTEST_WAIT) {
            end(now);
        } else {
            next = timers.at(now + Math.max((expires - now) / 2, SHORTEST_WAIT), later -> ask(later, 0));
        }
    }

    private void watch(long now, int of) {
        if (of != run) {
            return;
        }
        if (external != null) {
            byte[] question = used == Protocol.PCP ? Pcp.announce(client) : NatPmp.askAddress();
            outbox.send(socket, gateway, question);
        }
        timers.at(now + WATCH, later -> watch(later, of));
    }

    /** Something came in at {@linkplain #owns our socket}. */
    void receive(long now, Endpoint from, ByteBuffer datagram) {
        if (!from.equals(gateway) || !open) {
            return;
        }
        NatPmp.Reply pmp = NatPmp.read(datagram);
        Pcp.Reply pcp = pmp == null ? Pcp.read(datagram) : null;
        if (pmp != null) {
            receive(now, pmp);
        } else if (pcp != null) {
            receive(now, pcp);
        }
    }

    private void receive(long now, NatPmp.Reply reply) {
        if (reply.result() == NatPmp.WRONG_VERSION) {
            refused(now, Protocol.PCP);
        } else if (reply.result() != 0) {
            refused(now, Protocol.NAT_PMP);
        } else if (used != Protocol.PCP) {
            boolean reset = reset(now, reply.epoch());
            Endpoint address = reply.address();
            if (address == null && reply.internal() == internal && reply.external() != 0) {
                pmpPort = reply;
            } else if (address != null && !address.isWildcard()) {
                boolean moved = external != null && !Scope.sameHost(external, address);
                pmpAddress = address;
                if (!asking && (reset || moved)) {
                    ask(now, 0);
                    return;
                }
            }
            if (pmpAddress != null && pmpPort != null) {
                Endpoint at = Endpoint.of(pmpAddress.address(), pmpPort.external());
                mapped(now, Protocol.NAT_PMP, at, pmpPort.lifetime());
            }
        }
    }

    private void receive(long now, Pcp.Reply reply) {
        boolean ours = nonce.equals(reply.nonce()) && reply.internal() == internal;
        if (reply.result() == Pcp.WRONG_VERSION) {
            refused(now, Protocol.NAT_PMP);
        } else if (ours && reply.result() != 0) {
            refused(now, Protocol.PCP);
        } else if ((ours || reply.nonce() == null) && used != Protocol.NAT_PMP) {
            boolean reset = reset(now, reply.epoch());
            Endpoint at = reply.external();
            if (ours && at != null && at.isIPv4() && Scope.usable(at)) {
                mapped(now, Protocol.PCP, at, reply.lifetime());
            } else if (reset && !asking) {
                ask(now, 0);
            }
        }
    }

    /** Whether the router has begun anew since it said what it said before (RFC 6886, section 3.6). */
    private boolean reset(long now, long seconds) {
        boolean reset = epoch >= 0 && seconds < epoch + (now - epochAt) / SECOND * 7 / 8 - 2;
        epoch = seconds;
        epochAt = now;
        return reset;
    }

    private void refused(long now, Protocol protocol) {
        noPmp |= protocol == Protocol.NAT_PMP;
        noPcp |= protocol == Protocol.PCP;
        if (asking && noPmp && noPcp) {
            unanswered(now);
        }
    }

    private void mapped(long now, Protocol protocol, Endpoint at, long lifetime) {
        long held = Math.min(lifetime, LONGEST_LIFETIME) * SECOND;
        boolean other = !at.equals(external);
        asking = false;
        used = protocol;
        pmpPort = null;
        external = at;
        expires = now + held;
        if (next != null) {
            next.cancel();
        }
        next = timers.at(now + Math.max(held / 2, SHORTEST_WAIT), later -> ask(later, 0));
        if (other) {
            listener.mapped(now, at);
        }
    }

    private void end(long now) {
        Listener told = listener;
        close();
        told.mapped(now, null);
    }

    /** Deletes the mapping, if there is one, and ends; nobody is told. */
    void close() {
        if (!running()) {
            return;
        }
        if (used == Protocol.PCP) {
            outbox.send(socket, gateway, Pcp.askPort(client, nonce, internal, ANY, 0));
        } else if (used == Protocol.NAT_PMP) {
            outbox.send(socket, gateway, NatPmp.askPort(internal, 0, 0));
        }
        outbox.close(socket);
        if (next != null) {
            next.cancel();
        }
        run++;
        socket = -1;
        open = false;
        asking = false;
        used = null;
        external = null;
        epoch = -1;
        listener = (now, none) -> {};
    }
}
