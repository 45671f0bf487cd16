package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Test;

class SimulatedNetworkTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(42).build();

    private static Dht dhtAt(Endpoint endpoint) {
        return (Dht) Proxy.newProxyInstance(
                Dht.class.getClassLoader(),
                new Class<?>[] {Dht.class},
                (proxy, method, args) -> method.getName().equals("localAddress") ? endpoint : null);
    }

    @Test
    void badArgumentsAreNamedWithTheirLimits() {
        SimulatedNetworkBuilder builder = SimulatedNetwork.seeded(1);
        assertThatThrownBy(() -> builder.loss(1.1)).hasMessage("A probability is from 0 to 1, not 1.1");
        assertThatThrownBy(() -> builder.loss(-0.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.loss(Double.NaN)).hasMessage("A probability is from 0 to 1, not NaN");
        assertThatThrownBy(() -> builder.latency(SECOND, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not PT1S to PT0S");
        assertThatThrownBy(() -> builder.latency(SECOND.negated(), SECOND)).hasMessageContaining("at least 0");
        assertThatThrownBy(() -> builder.latency(SECOND, Duration.ofDays(1_000_000)))
                .hasMessageContaining("at most PT1M");
        assertThatThrownBy(() -> network.run(SECOND.negated())).hasMessage("Virtual time is 0 or more, not PT-1S");
        assertThatThrownBy(() -> network.start(-1, host -> dhtAt(host.endpoint())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not -1");
    }

    @Test
    void startMakesANodeOnEachOfTheNextHosts() {
        network.host();
        List<Dht> nodes = network.start(300, host -> dhtAt(host.endpoint()));
        assertThat(nodes).hasSize(300);
        assertThat(nodes.get(0).localAddress()).isEqualTo(Endpoint.parse("10.0.0.2:3282"));
        assertThat(nodes.get(299).localAddress()).isEqualTo(Endpoint.parse("10.0.1.45:3282"));
    }

    @Test
    void everyDatagramTakesFromTheShortestToTheLongestLatency() {
        SimulatedNetwork network = SimulatedNetwork.seeded(5)
                .latency(Duration.ofNanos(100), Duration.ofNanos(109))
                .build();
        Transport sender = network.host().transport();
        Transport target = network.host().transport();
        int[] delays = new int[110];
        target.open((from, datagram) -> delays[(int) (network.nanoTime() - datagram.getLong())]++);
        for (int i = 0; i < 10_000; i++) {
            sender.send(
                    target.localAddress(),
                    ByteBuffer.allocate(8).putLong(network.nanoTime()).flip());
            network.run(Duration.ofNanos(1_000));
        }
        assertThat(network.traffic().delivered()).isEqualTo(10_000);
        for (int delay = 100; delay <= 109; delay++) {
            assertThat(delays[delay]).as("%d ns", delay).isBetween(900, 1_100);
        }
    }

    @Test
    void aConstantLatencyKeepsTheOrderOfTheSends() {
        SimulatedNetwork network =
                SimulatedNetwork.seeded(5).latency(SECOND, SECOND).build();
        Transport sender = network.host().transport();
        Transport target = network.host().transport();
        List<Byte> received = new ArrayList<>();
        target.open((from, datagram) -> received.add(datagram.get()));
        for (byte i = 0; i < 100; i++) {
            sender.send(target.localAddress(), ByteBuffer.wrap(new byte[] {i}));
        }
        network.run(SECOND);
        assertThat(received).hasSize(100).isSorted();
    }

    @Test
    void lossIsAsLikelyAsConfigured() {
        for (double loss : new double[] {0, 0.05, 0.5, 1}) {
            SimulatedNetwork network = SimulatedNetwork.seeded(6).loss(loss).build();
            Transport sender = network.host().transport();
            Transport target = network.host().transport();
            target.open((from, datagram) -> {});
            for (int i = 0; i < 100_000; i++) {
                sender.send(target.localAddress(), ByteBuffer.allocate(1));
            }
            network.run(SECOND);
            Traffic traffic = network.traffic();
            assertThat(traffic.sent()).isEqualTo(100_000);
            assertThat(traffic.lost() + traffic.delivered()).isEqualTo(100_000);
            long expected = Math.round(loss * 100_000);
            // Three standard deviations of 10^5 draws are at most 475.
            long deviation = loss == 0 || loss == 1 ? 0 : 475;
            assertThat(traffic.lost()).isBetween(expected - deviation, expected + deviation);
        }
    }

    @Test
    void lossChangesNoDelayOfTheDatagramsThatArrive() {
        assertThat(arrivals(0)).containsAll(arrivals(0.3));
    }

    private static List<Long> arrivals(double loss) {
        SimulatedNetwork network = SimulatedNetwork.seeded(8).loss(loss).build();
        Transport sender = network.host().transport();
        Transport target = network.host().transport();
        List<Long> times = new ArrayList<>();
        target.open((from, datagram) -> times.add(network.nanoTime()));
        for (int i = 0; i < 100; i++) {
            sender.send(target.localAddress(), ByteBuffer.allocate(1));
        }
        network.run(SECOND);
        return times;
    }

    @Test
    void runLetsExactlyThisMuchTimePass() {
        network.run(SECOND);
        network.run(Duration.ZERO);
        network.run(Duration.ofNanos(1));
        assertThat(network.nanoTime()).isEqualTo(1_000_000_001);
        assertThat(network.elapsed()).isEqualTo(Duration.ofNanos(1_000_000_001));
    }

    @Test
    void runUntilStopsWhenTheConditionHoldsAndElseAtTheLimit() {
        Transport transport = network.host().transport();
        List<Integer> ran = new ArrayList<>();
        transport.loop().schedule(500, () -> ran.add(1));
        transport.loop().schedule(500, () -> ran.add(2));
        assertThat(network.runUntil(() -> ran.size() == 1, SECOND)).isTrue();
        assertThat(network.nanoTime()).isEqualTo(500);
        assertThat(ran).containsExactly(1);
        assertThat(network.runUntil(() -> ran.size() == 3, SECOND)).isFalse();
        assertThat(network.nanoTime()).isEqualTo(1_000_000_500);
    }

    @Test
    void whatAConditionThrowsComesOutAsItIs() {
        assertThatThrownBy(() -> network.runUntil(
                        () -> {
                            throw new AssertionError("a test's own");
                        },
                        SECOND))
                .isInstanceOf(AssertionError.class)
                .hasMessage("a test's own");
        network.run(SECOND);
    }

    @Test
    void awaitReturnsAtTheMomentOfCompletion() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        network.host().transport().loop().schedule(77, () -> answer.complete("done"));
        assertThat(network.await(answer)).isEqualTo("done");
        assertThat(network.nanoTime()).isEqualTo(77);
        assertThat(network.await(answer.thenApply(String::length))).isEqualTo(4);
    }

    @Test
    void awaitThrowsWhatTheStageFailedWith() {
        IllegalArgumentException failure = new IllegalArgumentException("refused");
        CompletableFuture<String> answer = CompletableFuture.failedFuture(failure);
        assertThatThrownBy(() -> network.await(answer)).isSameAs(failure);
        assertThatThrownBy(() -> network.await(answer.thenApply(String::length)))
                .isSameAs(failure);
        AssertionError error = new AssertionError("wrong");
        assertThatThrownBy(() -> network.await(CompletableFuture.failedFuture(error)))
                .isSameAs(error);
        IOException checked = new IOException("checked");
        assertThatThrownBy(() -> network.await(CompletableFuture.failedFuture(checked)))
                .isInstanceOf(CompletionException.class)
                .hasCause(checked);
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        cancelled.cancel(false);
        assertThatThrownBy(() -> network.await(cancelled)).isInstanceOf(CancellationException.class);
    }

    @Test
    void awaitingInVainNamesSeedTimeAndTrace() {
        network.host().transport().loop().schedule(77, () -> {});
        assertThatThrownBy(() -> network.await(new CompletableFuture<>()))
                .isInstanceOf(SimulationException.class)
                .hasMessage("Awaited in vain: nothing is left to happen [" + network + "]")
                .hasMessageContaining("seed 42, virtual time PT0.000000077S, trace ");
    }

    @Test
    void awaitGivesUpAfterAnHourOrTheGivenLimit() {
        everySecond(network.host().transport());
        assertThatThrownBy(() -> network.await(new CompletableFuture<>(), Duration.ofSeconds(10)))
                .isInstanceOf(SimulationException.class)
                .hasMessageContaining("not completed within PT10S [seed 42, virtual time PT10S");
        assertThatThrownBy(() -> network.await(new CompletableFuture<>()))
                .isInstanceOf(SimulationException.class)
                .hasMessageContaining("not completed within PT1H [seed 42, virtual time PT1H10S");
    }

    private static void everySecond(Transport transport) {
        transport.loop().schedule(transport.loop().nanoTime() + SECOND.toNanos(), () -> everySecond(transport));
    }

    @Test
    void anEventThatFailsSurfacesFromAwait() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        network.host().transport().loop().execute(() -> {
            answer.complete("too early");
            throw new IllegalStateException("a defect");
        });
        assertThatThrownBy(() -> network.await(answer))
                .isInstanceOf(SimulationException.class)
                .hasMessageContaining("a defect")
                .hasMessageContaining("seed 42")
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void closeClosesTransportsAndForgetsWhatWasToHappen() {
        SimulatedHost host = network.host();
        List<String> ran = new ArrayList<>();
        host.transport().open((from, datagram) -> ran.add("received"));
        host.transport().send(host.endpoint(), ByteBuffer.allocate(1));
        host.transport().loop().execute(() -> ran.add("executed"));
        network.close();
        network.close();
        network.run(SECOND);
        assertThat(ran).isEmpty();
        assertThatThrownBy(network::host)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void itsTextIsOneLineWithSeedTimeAndTrace() {
        network.run(SECOND);
        assertThat(network).asString().matches("seed 42, virtual time PT1S, trace [0-9a-f]{16}");
        assertThat(network.toString()).endsWith("%016x".formatted(network.traceHash()));
    }
}
