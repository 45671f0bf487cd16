package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Reply;
import org.junit.jupiter.api.Test;

class DeterminismTest {
    private static final int HOSTS = 50;

    private static final Link EVERYTHING = Link.of(Latency.wan())
            .withLoss(0.05)
            .withBursts(Duration.ofSeconds(2), Duration.ofMillis(300), 0.7)
            .withDuplication(0.1)
            .withReordering(0.1, Duration.ofMillis(200))
            .withCorruption(0.1)
            .withMtu(60)
            .withBandwidth(2_000, 1_000, 100);

    private static SimulatedNetwork scenario(SimulatedNetworkBuilder builder) {
        return run(builder.loss(0.05).build());
    }

    /** Fifty nodes ask five others each; then a datagram is sent that no codec made. */
    private static SimulatedNetwork run(SimulatedNetwork network) {
        List<SimulatedHost> hosts = new ArrayList<>();
        List<EchoNode> nodes = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
            SimulatedHost host = network.host();
            hosts.add(host);
            nodes.add(new EchoNode(host));
        }
        List<CompletableFuture<Reply>> answers = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
            for (int j = 0; j < 5; j++) {
                Endpoint peer = hosts.get(hosts.get(i).random().nextInt(HOSTS)).endpoint();
                Bytes value = Bytes.of(new byte[i + j]);
                answers.add(nodes.get(i).ask(peer, value).thenApply(reply -> {
                    assertThat(reply.value()).isEqualTo(value);
                    return reply;
                }));
            }
        }
        network.await(CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .handle((value, failure) -> ""));
        hosts.get(0).transport().send(Endpoint.parse("192.0.2.1:9"), ByteBuffer.allocate(40));
        network.run(Duration.ofSeconds(5));
        return network;
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        SimulatedNetwork once = scenario(SimulatedNetwork.seeded(1));
        SimulatedNetwork twice = scenario(SimulatedNetwork.seeded(1));
        assertThat(twice).hasToString(once.toString());
        assertThat(twice.traffic()).isEqualTo(once.traffic());
        assertThat(once.traffic().lost()).isPositive();
    }

    @Test
    void anotherSeedGivesAnotherTrace() {
        assertThat(scenario(SimulatedNetwork.seeded(1)).traceHash())
                .isNotEqualTo(scenario(SimulatedNetwork.seeded(2)).traceHash());
    }

    @Test
    void realBytesAndReferencesGiveTheSameTrace() {
        for (long seed = 0; seed < 10; seed++) {
            SimulatedNetwork bytes = scenario(SimulatedNetwork.seeded(seed));
            SimulatedNetwork references = scenario(SimulatedNetwork.seeded(seed).byReference());
            assertThat(references).hasToString(bytes.toString());
            assertThat(references.traffic()).isEqualTo(bytes.traffic());
        }
    }

    @Test
    void realBytesAndReferencesGiveTheSameTraceOnLinksWithAllMishaps() {
        for (long seed = 0; seed < 5; seed++) {
            SimulatedNetwork bytes =
                    run(SimulatedNetwork.seeded(seed).link(EVERYTHING).build());
            SimulatedNetwork references = run(
                    SimulatedNetwork.seeded(seed).link(EVERYTHING).byReference().build());
            assertThat(references).hasToString(bytes.toString());
            Traffic traffic = bytes.traffic();
            assertThat(references.traffic()).isEqualTo(traffic);
            assertThat(List.of(
                            traffic.lost(),
                            traffic.tooLarge(),
                            traffic.queueFull(),
                            traffic.corrupted(),
                            traffic.duplicated()))
                    .allMatch(count -> count > 0);
        }
    }

    @Test
    void theTraceTellsMessagesApart() {
        assertThat(List.of(sent(1, true), sent(2, true), sent(1, false))).doesNotHaveDuplicates();
    }

    private static long sent(long transaction, boolean request) {
        SimulatedNetwork network = SimulatedNetwork.seeded(1).build();
        SimulatedHost host = network.host();
        var message = ToyCodec.ping(transaction, Bytes.EMPTY);
        ByteBuffer buffer = ByteBuffer.allocate(100);
        host.codec(new ToyCodec()).encode(request ? message : ToyCodec.pong(message), buffer);
        host.transport().send(host.endpoint(), buffer.flip());
        return network.traceHash();
    }

    @Test
    void aTraceIsTheSameOnEveryPlatform() {
        assertThat(scenario(SimulatedNetwork.seeded(2026)).traceHash()).isEqualTo(0xBF17_F574_5483_A063L);
    }
}
