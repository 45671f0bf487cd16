package org.example.dagger;

import dagger.BindsInstance;
import dagger.Component;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Inject;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.node.NodeModule;
import org.dhtrpc.node.NodeOptions;
import org.dhtrpc.node.NodeScope;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.transport.nio.NioTransport;

/** Two applications, each with a node that it is given by Dagger, greet each other. */
public final class Greetings {
    private Greetings() {}

    /** One application: its own classes, the node's bindings, and the parts that the node asks for. */
    @NodeScope
    @Component(modules = {NodeModule.class, Parts.class})
    interface Application {
        Greeter greeter();

        @Component.Factory
        interface Factory {
            Application create(@BindsInstance NodeOptions options);
        }
    }

    @Module
    interface Parts {
        @Provides
        @NodeScope
        static Transport transport() {
            return NioTransport.bind("127.0.0.1", 0);
        }

        @Provides
        static Codec codec() {
            return new MsgpackCodec();
        }
    }

    static final class Greeter {
        final Dht node;

        @Inject
        Greeter(Dht node) {
            this.node = node;
            node.onQuery("greet", query -> Bytes.utf8("Hello from a node that Dagger made"));
        }
    }

    /** Fails if nobody greets. */
    public static void main(String... args) {
        try (Dht first = start(DhtNode.builder().options());
                Dht second =
                        start(DhtNode.builder().bootstrap(first.localAddress()).options())) {
            System.out.println(second.query(Query.of("greet", first.id()))
                    .first(result -> result.value() != null)
                    .join()
                    .map(QueryResult::value)
                    .map(Bytes::utf8)
                    .orElseThrow());
        }
    }

    private static Dht start(NodeOptions options) {
        return DaggerGreetings_Application.factory().create(options).greeter().node;
    }
}
