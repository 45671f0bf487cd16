package org.dhtrpc.examples;

// readme:start
import java.time.Duration;
import org.dhtrpc.*;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.holepunch.*;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.spi.Punched;
import org.dhtrpc.testkit.*;

/** Two nodes behind NATs meet by way of a third that both know, in virtual time. */
public class Meeting {
    public static void main(String[] args) {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(1)
                .latency(Duration.ofMillis(20), Duration.ofMillis(30))
                .build()) {
            Dht referrer = network.start(network.host(), host -> node(host));
            network.start(2, host -> node(host, referrer.localAddress()));
            SimulatedHost home = network.host(network.nat(NatType.PORT_RESTRICTED));
            SimulatedHost phone = network.host(network.nat(NatType.SYMMETRIC));
            Dht ada = network.start(home, host -> node(host, referrer.localAddress()));
            Dht bob = network.start(phone, host -> node(host, referrer.localAddress()));
            bob.onQuery("greet", query -> Bytes.utf8("hello from behind a NAT"));
            network.run(Duration.ofSeconds(10));

            Endpoint seen = network.await(bob.ping(referrer.localAddress())).address();
            Punched path = network.await(ada.holepunch(seen, referrer.localAddress()));
            System.out.println(path.path() + " in " + path.elapsed().toMillis() + " ms");

            QueryResult answer =
                    network.await(ada.request(path.endpoint(), Query.of("greet", Key.hashOf(Bytes.utf8("x")))));
            System.out.println(answer.value().utf8());
        }
    }

    /** On the internet: {@code PunchingTransport.over(NioTransport.bind("0.0.0.0", 0))}, and no more. */
    static Dht node(SimulatedHost host, Endpoint... bootstrap) {
        PunchingTransport socket = PunchingTransport.over(host.transport(), PunchOptions.simulated(host.random()));
        return DhtNode.builder()
                .transport(socket)
                .holePuncher(socket)
                .codec(host.codec(new MsgpackCodec()))
                .id(host.id())
                .random(host.random())
                .bootstrap(bootstrap)
                .build();
    }
}
// readme:end
