package org.dhtrpc.node;

import dagger.BindsInstance;
import dagger.Component;
import org.dhtrpc.Dht;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.Transport;

/** What the builder is a shell over. */
@NodeScope
@Component(modules = NodeModule.class)
interface NodeComponent {
    Dht dht();

    /** The parts that a builder was given. */
    @Component.Builder
    interface Builder {
        @BindsInstance
        Builder transport(Transport transport);

        @BindsInstance
        Builder codec(Codec codec);

        @BindsInstance
        Builder options(NodeOptions options);

        NodeComponent build();
    }
}
