package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.Link;
import org.dhtrpc.testkit.Nat;
import org.dhtrpc.testkit.NatType;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;

/** A simulated network with NATs and a few public hosts that introduce and tell others how they are seen. */
final class Laboratory implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofMinutes(2);

    final SimulatedNetwork network;
    final List<Peer> helpers = new ArrayList<>();

    /** A host with its transport, and what it has received. */
    static final class Peer {
        final PunchingTransport transport;
        final Map<String, Endpoint> received = new LinkedHashMap<>();
        final PunchBudget budget;
        final @Nullable Nat nat;

        Peer(SimulatedHost host, @Nullable Nat nat, PunchOptions options) {
            this(host.transport(), nat, options);
        }

        Peer(Transport socket, @Nullable Nat nat, PunchOptions options) {
            this.nat = nat;
            budget = options.budget();
            transport = PunchingTransport.over(socket, options);
            transport.open((from, datagram) -> received.put(text(datagram), from));
        }

        private static String text(ByteBuffer datagram) {
            byte[] bytes = new byte[datagram.remaining()];
            datagram.get(bytes);
            return new String(bytes, java.nio.charset.StandardCharsets.US_ASCII);
        }

        void send(Endpoint to, String text) {
            transport.send(to, ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        }
    }

    Laboratory(long seed, double loss, int publicHosts) {
        network = SimulatedNetwork.seeded(seed).build();
        network.link(Link.of(Latency.constant(Duration.ofMillis(20))).withLoss(loss));
        for (int i = 0; i < publicHosts; i++) {
            SimulatedHost host = network.host();
            helpers.add(new Peer(host, null, options(host, every -> every)));
        }
    }

    private static PunchOptions options(SimulatedHost host, UnaryOperator<PunchOptions> changes) {
        return changes.apply(PunchOptions.simulated(host.random()));
    }

    Peer peer(NatType type) {
        return peer(type, options -> options);
    }

    Peer peer(NatType type, UnaryOperator<PunchOptions> changes) {
        return peer(network.nat(type), changes);
    }

    Peer peer(Nat nat, UnaryOperator<PunchOptions> changes) {
        SimulatedHost host = network.host(nat);
        List<Endpoint> endpoints =
                helpers.stream().map(helper -> helper.transport.localAddress()).toList();
        return new Peer(host, nat, options(host, changes).helpers(endpoints));
    }

    Endpoint referrer(int number) {
        return helpers.get(number).transport.localAddress();
    }

    /** Where a referrer sees a peer; with losses, asked until it is heard. */
    Endpoint where(Peer peer, Endpoint referrer) {
        for (int i = 0; i < 5; i++) {
            Endpoint seen = network.await(
                    peer.transport.stun(referrer).exceptionally(lost -> peer.transport.localAddress()), DEADLINE);
            if (!seen.equals(peer.transport.localAddress())
                    || peer.nat == null
                    || peer.nat.type().mapping() == NatType.Mapping.NONE) {
                return seen;
            }
        }
        throw new AssertionError("The referrer does not answer");
    }

    /** The outcome, or the failure as a text. */
    Object punch(Peer from, Peer to, Endpoint referrer) {
        Endpoint target = where(to, referrer);
        CompletableFuture<Object> outcome = from.transport
                .punch(target, referrer)
                .handle((result, failure) -> failure == null ? (Object) result : failure)
                .toCompletableFuture();
        return network.await(outcome, DEADLINE);
    }

    /** Whether datagrams arrive both ways, the second along the first one's way back. */
    boolean converse(Peer one, Endpoint to, Peer other) {
        for (int i = 0; i < 20; i++) {
            one.send(to, "there");
            network.run(Duration.ofMillis(200));
            Endpoint back = other.received.get("there");
            if (back != null) {
                other.send(back, "and back");
                network.run(Duration.ofMillis(200));
            }
            if (to.equals(one.received.get("and back"))) {
                return true;
            }
        }
        return false;
    }

    static Transport inner(Peer peer) {
        return peer.transport;
    }

    @Override
    public void close() {
        network.close();
    }
}
