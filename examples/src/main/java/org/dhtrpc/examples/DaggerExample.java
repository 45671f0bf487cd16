package org.dhtrpc.examples;

import dagger.BindsInstance;
import dagger.Component;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Inject;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
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

/** An application that is wired by Dagger: its component includes {@link NodeModule} and binds the node's parts. */
public final class DaggerExample {
    private DaggerExample() {}

    /** One application with one node. */
    @NodeScope
    @Component(modules = {NodeModule.class, Parts.class})
    interface Application {
        Greeter greeter();

        /** Makes an application from what differs between two of them. */
        @Component.Factory
        interface Factory {
            Application create(@BindsInstance NodeOptions options);
        }
    }

    /** The parts that a node cannot do without. */
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

    /** A class of the application's, which asks for the node as for anything else that it needs. */
    static final class Greeter implements AutoCloseable {
        private final Dht node;

        @Inject
        Greeter(Dht node) {
            this.node = node;
            node.onQuery("greet", query -> Bytes.utf8("Hello, " + query.from()));
        }

        @Override
        public void close() {
            node.close();
        }
    }

    /** Two applications greet each other. */
    public static void main(String... args) {
        try (Greeter first = greeter(DhtNode.builder().options());
                Greeter second = greeter(
                        DhtNode.builder().bootstrap(first.node.localAddress()).options())) {
            second.node
                    .query(Query.of("greet", Key.ZERO))
                    .first(result -> result.value() != null)
                    .join()
                    .map(QueryResult::value)
                    .map(Bytes::utf8)
                    .ifPresent(System.out::println);
        }
    }

    private static Greeter greeter(NodeOptions options) {
        return DaggerDaggerExample_Application.factory().create(options).greeter();
    }
}
