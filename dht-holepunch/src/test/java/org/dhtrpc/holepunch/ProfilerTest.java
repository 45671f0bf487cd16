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
    private final PublicAddress address = new PublicAddress(true);
    private final Profiler profiler = new Profiler(
            host.timers,
            address,
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

    /** Asks, and says whether anything was sent for it. */
    private boolean renews() {
        int sent = host.sentTo.size();
        boolean[] told = {false};
        profiler.want(network.now, now -> told[0] = true);
        network.run(4 * SECOND, () -> told[0]);
        assertThat(told).containsExactly(true);
        return host.sentTo.size() > sent;
    }

    private void seenAt(String host, int voter) {
        address.report(network.now, helpers.get(voter), Endpoint.parse(host + ":3282"));
        profiler.helped(network.now, helpers);
        during(5 * SECOND);
    }

    @Test
    void whoever_moves_finds_out_anew_though_the_votes_are_even_for_a_while() {
        for (int i = 0; i < 4; i++) {
            helper(i, false);
            seenAt("198.18.7.7", i);
        }
        assertThat(known()).isTrue();
        assertThat(address.host()).isNotNull();
        int sent = host.sentTo.size();
        for (int i = 0; i < 2; i++) {
            seenAt("198.18.8.8", i);
        }
        assertThat(address.host()).isNull();
        assertThat(host.sentTo).hasSize(sent);
        seenAt("198.18.8.8", 2);
        assertThat(host.sentTo).hasSizeGreaterThan(sent);
    }

    @Test
    void what_the_next_helpers_cannot_tell_stays_known() {
        helper(0, false);
        helper(1, false);
        profiler.helped(network.now, helpers);
        during(600 * SECOND);
        assertThat(known()).isTrue();
        profiler.helped(
                network.now,
                List.of(network.plainServer("203.0.113.1:1").address, network.plainServer("198.51.100.1:1").address));
        during(10 * SECOND);
        assertThat(renews()).isTrue();
        assertThat(known()).isTrue();
    }

    @Test
    void with_one_helper_it_is_found_out_anew_when_it_is_old() {
        helper(0, false);
        profiler.helped(network.now, helpers);
        during(10 * SECOND);
        assertThat(known()).isTrue();
        assertThat(renews()).isFalse();
        during(600 * SECOND);
        assertThat(renews()).isTrue();
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
