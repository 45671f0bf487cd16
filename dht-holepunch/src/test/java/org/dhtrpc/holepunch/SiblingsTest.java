package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.Laboratory.Peer;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.Nat;
import org.dhtrpc.testkit.NatType;
import org.dhtrpc.testkit.SimulatedHost;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where no further sockets are to be had, punches do without, and end. */
class SiblingsTest {
    /** What becomes of a request for one. */
    enum Fate {
        FAILS,
        THROWS,
        NEVER_COMES;

        CompletionStage<Transport> outcome() {
            return switch (this) {
                case FAILS -> CompletableFuture.failedFuture(new UnsupportedOperationException("refused on purpose"));
                case THROWS -> throw new IllegalStateException("thrown on purpose");
                case NEVER_COMES -> new CompletableFuture<>();
            };
        }
    }

    /** A socket that has siblings until it is told otherwise. */
    private static final class Fickle implements Transport {
        private final Transport inside;
        private Supplier<CompletionStage<Transport>> siblings;

        Fickle(Transport inside) {
            this.inside = inside;
            siblings = inside::sibling;
        }

        @Override
        public Endpoint localAddress() {
            return inside.localAddress();
        }

        @Override
        public EventLoop loop() {
            return inside.loop();
        }

        @Override
        public void open(Receiver receiver) {
            inside.open(receiver);
        }

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {
            inside.send(to, datagram);
        }

        @Override
        public void close() {
            inside.close();
        }

        @Override
        public CompletionStage<Transport> sibling() {
            return siblings.get();
        }
    }

    @ParameterizedTest
    @EnumSource(Fate.class)
    void a_punch_before_sequential_ports_goes_on_without_a_sample(Fate fate) {
        for (boolean calls : List.of(true, false)) {
            try (Laboratory lab = new Laboratory(1, 0, 3)) {
                Nat nat = lab.network.nat(NatType.SYMMETRIC_SEQUENTIAL);
                SimulatedHost host = lab.network.host(nat);
                Fickle socket = new Fickle(host.transport());
                List<Endpoint> helpers = List.of(lab.referrer(0), lab.referrer(1), lab.referrer(2));
                Peer fickle = new Peer(
                        socket, nat, PunchOptions.simulated(host.random()).helpers(helpers));
                Peer other = lab.peer(NatType.ADDRESS_RESTRICTED);
                lab.network.run(Duration.ofSeconds(4));
                assertThat(fickle.transport.profile().join().predictable()).isTrue();
                socket.siblings = fate::outcome;

                Object outcome =
                        calls ? lab.punch(fickle, other, lab.referrer(0)) : lab.punch(other, fickle, lab.referrer(0));

                assertThat(outcome).isInstanceOf(PunchResult.class);
                lab.network.run(Duration.ofMinutes(2));
                fickle.transport.close();
                assertThat(fickle.budget.sockets()).isZero();
            }
        }
    }
}
