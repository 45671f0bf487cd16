package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.it.Loopback.HOST;
import static org.dhtrpc.it.Loopback.await;

import java.net.InetAddress;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.codec.dhtrpc.DhtRpc1Codec;
import org.dhtrpc.codec.dhtrpc.DhtRpc6Codec;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.holepunch.PunchOptions;
import org.dhtrpc.holepunch.PunchingTransport;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.Punched;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.contract.TransportContract;
import org.dhtrpc.transport.netty.NettyIo;
import org.dhtrpc.transport.netty.NettyLoops;
import org.dhtrpc.transport.netty.NettyTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hole punching knows nothing of transports and wires, and so works with each. */
@Timeout(120)
class PunchingEverywhereTest {
    private static final PunchOptions OPTIONS =
            PunchOptions.defaults().privateAddresses(true).portMapping(false);

    private final NettyLoops loops = NettyLoops.start(NettyIo.NIO, 2);

    @AfterEach
    void close() {
        loops.close();
    }

    static Stream<Arguments> wires() {
        return Stream.of(new MsgpackCodec(), new DhtRpc6Codec(), new DhtRpc1Codec())
                .flatMap(codec -> Stream.of(Arguments.of(codec, false), Arguments.of(codec, true)));
    }

    @ParameterizedTest
    @MethodSource("wires")
    void two_nodes_meet_by_a_third_and_ask_each_other(Codec codec, boolean netty) {
        try (Loopback network = new Loopback()) {
            Endpoint referrer = node(network, socket(network, netty), builder -> builder.codec(codec))
                    .localAddress();
            UnaryOperator<NodeBuilder> joins = builder -> builder.codec(codec).bootstrap(referrer);
            PunchingTransport hers = socket(network, netty);
            PunchingTransport his = socket(network, netty);
            Dht ada = node(network, hers, joins);
            Dht bob = node(network, his, joins);
            bob.onQuery("7", query -> Bytes.utf8("hello"));
            await(hers.stun(referrer));

            // Not a ping: on the wire of dht-rpc 6 that leaves from a second socket at first.
            Punched path = await(ada.holepunch(await(his.stun(referrer)), referrer));
            Key target = Key.hashOf(Bytes.utf8("x"));
            assertThat(await(ada.request(path.endpoint(), Query.of("7", target)))
                            .value())
                    .isEqualTo(Bytes.utf8("hello"));
        }
    }

    private PunchingTransport socket(Loopback network, boolean netty) {
        Transport inner = netty ? NettyTransport.bind(loops, HOST, 0) : network.socket();
        return PunchingTransport.over(inner, OPTIONS);
    }

    private static Dht node(Loopback network, PunchingTransport socket, UnaryOperator<NodeBuilder> options) {
        return network.start(socket, builder -> options.apply(builder.holePuncher(socket)));
    }

    /** A transport of Netty's with hole punching around it is a transport. */
    @Nested
    class Contract extends TransportContract {
        @Override
        protected Transport bind(InetAddress host) {
            return PunchingTransport.over(NettyTransport.bind(loops, host.getHostAddress(), 0));
        }
    }
}
