package org.dhtrpc.node;

import dagger.BindsOptionalOf;
import dagger.Module;
import dagger.Provides;
import java.util.Optional;
import org.dhtrpc.Dht;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.Transport;

/**
 * The bindings of a node: include this in a component of scope {@link NodeScope} that binds a {@link Transport} and a
 * {@link Codec} and, if wanted, {@link NodeOptions} and a {@link HolePuncher}, and take a {@link Dht} from it.
 *
 * <p>The node starts when it is first asked for; whoever does closes it, and that closes the transport.
 */
@Module
public interface NodeModule {
    /** The defaults of {@link DhtNode#builder} where no options are bound. */
    @BindsOptionalOf
    NodeOptions options();

    /** None where none is bound. */
    @BindsOptionalOf
    HolePuncher holePuncher();

    /** The node. */
    @Provides
    @NodeScope
    static Dht dht(Transport transport, Codec codec, Optional<NodeOptions> options, Optional<HolePuncher> holePuncher) {
        NodeOptions chosen = options.orElseGet(() -> DhtNode.builder().options());
        return DhtNode.start(transport, codec, chosen, holePuncher.orElse(chosen.holePuncher));
    }
}
