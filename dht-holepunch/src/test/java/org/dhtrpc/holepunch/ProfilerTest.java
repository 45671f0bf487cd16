package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Allocation;
import org.dhtrpc.holepunch.NatProfile.Filtering;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.junit.jupiter.api.Test;

/** What could not be found out is looked for again. */
class ProfilerTest {
    private static final Endpoint PUBLIC = Endpoint.parse("198.18.7.7:0");
    private static final long SECOND = 1_000_000_000L;

    private final FakeNetwork network = new FakeNetwork(new SplittableRandom(1), 0);
    private final FakeNat nat = new FakeNat(
            Mapping.ENDPOINT_INDEPENDENT,
            Filtering.ADDRESS_AND_PORT_DEPENDENT,
            Allocation.PRESERVED,
            0,
            PUBLIC,
            new SplittableRandom(2));
    private final FakeNetwork.Host host = network.host("192.168.1.2:3282", nat);
    private final Transactions transactions = new Transactions(host.timers, host.outbox);
    private final Profiler profiler = new Profiler(
            host.timers,
            new PublicAddress(false),
            new Classifier(host.timers, host.outbox, transactions, new SplittableRandom(3)),
            new MappingLifetime(host.timers, host.outbox, transactions, new SplittableRandom(4)),
            new PortMapper(host.timers, host.outbox, new SplittableRandom(5)),
            host.address);
    private final List<Endpoint> helpers = new ArrayList<>();

    {
        host.receiver = new FakeNetwork.Receiver() {
            @Override
            public void opened(long now, int socket, Endpoint local) {
                profiler.opened(now, socket, local);
            }

            @Override
            public void notOpened(long now, int socket) {
                profiler.notOpened(now, socket);
            }

            @Override
            public void receive(long now, int socket, Endpoint from, byte[] datagram) {
                StunMessage message = StunMessage.read(ByteBuffer.wrap(datagram));
                if (message != null && !transactions.receive(now, socket, from, message)) {
                    profiler.receive(now, socket, from, message);
                }
            }
        };
    }

    private void helper(int number, boolean guarded) {
        FakeNetwork.Host helper = network.server("203.0." + number + ".1:3282", null);
        helper.guarded = guarded;
        helpers.add(helper.address);
    }

    private void during(long nanos) {
        network.run(nanos, () -> false);
    }

    private boolean known() {
        NatProfile profile = profiler.profile();
        return profile.mapping() == nat.mapping
                && profile.filtering() == nat.filtering
                && profile.allocation() == Allocation.PRESERVED;
    }

    @Test
    void others_have_their_turn_where_the_first_ones_hear_the_main_socket_alone() {
        for (int i = 0; i < 6; i++) {
            helper(i, i < 4);
        }
        profiler.helped(network.now, helpers);
        during(5 * SECOND);
        assertThat(profiler.profile().mapping()).isEqualTo(Mapping.ENDPOINT_INDEPENDENT);
        assertThat(profiler.profile().allocation()).isEqualTo(Allocation.UNKNOWN);

        during(6 * SECOND);
        assertThat(known()).isTrue();
        int sent = host.sentTo.size();
        during(3_600 * SECOND);
        assertThat(host.sentTo).hasSize(sent);
    }

    @Test
    void it_asks_ever_more_seldom_while_nobody_answers() {
        helper(0, false);
        helper(1, false);
        network.blocked = true;
        profiler.helped(network.now, helpers);
        during(60 * SECOND);
        int first = host.sentTo.size();
        during(3_600 * SECOND);
        assertThat(host.sentTo.size() - first).isPositive().isLessThan(4 * first);

        network.blocked = false;
        during(600 * SECOND);
        assertThat(known()).isTrue();
    }
}
