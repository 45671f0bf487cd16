package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What not every transport has: IPv6 and siblings. */
abstract class TransportOptionalRules extends TransportFaultRules {
    private static final InetAddress LOOPBACK_6 = address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    private static final InetAddress ANY_6 = address(new int[16]);

    @Test
    @Tag("optional")
    void T15_IPv6_works_like_IPv4() {
        Transport one = ipv6(LOOPBACK_6);
        Transport two = ipv6(LOOPBACK_6);
        one.open(inbox);
        two.send(one.localAddress(), datagram("six"));
        Inbox.Mail mail = take(inbox);
        assertThat(mail.from()).isEqualTo(two.localAddress());
        assertThat(mail.from().isIPv4()).isFalse();
        assertThat(mail.bytes()).isEqualTo(Bytes.utf8("six"));
        assertThatCode(() -> one.send(a.localAddress(), datagram("lost"))).doesNotThrowAnyException();
    }

    @Test
    @Tag("optional")
    void T15_a_socket_for_both_families_reports_IPv4_as_such() {
        Transport dual = ipv6(ANY_6);
        dual.open((from, datagram) -> dual.send(from, datagram("to " + from)));
        a.open(inbox);
        a.send(Endpoint.of(LOOPBACK.getAddress(), dual.localAddress().port()), datagram("four"));
        assertThat(takeText(inbox)).isEqualTo("to " + a.localAddress());
    }

    @Test
    @Tag("optional")
    void T16_a_sibling_is_another_socket_on_the_same_host_and_loop() {
        Transport sibling = sibling();
        assertThat(sibling.loop()).isSameAs(a.loop());
        assertThat(sibling.localAddress().address()).isEqualTo(a.localAddress().address());
        assertThat(sibling.localAddress()).isNotEqualTo(a.localAddress());
        sibling.open(inbox);
        b.send(sibling.localAddress(), datagram("hello"));
        assertThat(takeText(inbox)).isEqualTo("hello");
        sibling.close();
        assertThat(isFree(sibling.localAddress())).as("the port is free").isTrue();
        assertThat(on(a.loop(), a.loop()::inLoop)).as("its loop lives on").isTrue();
    }

    @Test
    @Tag("optional")
    void T16_a_closed_transport_has_no_siblings() {
        sibling();
        a.close();
        assertThat(a.sibling().toCompletableFuture()).isCompletedExceptionally();
    }

    private Transport sibling() {
        CompletableFuture<Transport> stage = a.sibling().toCompletableFuture();
        until("the stage of a sibling is complete", stage::isDone);
        if (!siblings()) {
            assertThat(stage).as("the stage of a transport without siblings").isCompletedExceptionally();
            abort("siblings() says that there are none: "
                    + stage.handle((none, why) -> why).join());
        }
        return closedAfterwards(stage.join());
    }

    private Transport ipv6(InetAddress host) {
        assumeTrue(ipv6(), "ipv6() says that this transport has IPv4 only");
        assumeTrue(isFree(Endpoint.of(host.getAddress(), 0)), "this machine has no IPv6");
        return bound(host);
    }
}
