package org.dhtrpc.spi;

import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/**
 * How ids are made, and which ones are believed: random ones (the seed), or ones bound to the address (dht-rpc 5 and
 * later, BEP 42). Called on the loop; must not block; must be a function of its arguments.
 */
public interface IdPolicy {
    /**
     * A new id.
     *
     * @param own the address that others see, null while it is not known
     */
    Key create(RandomGenerator random, @Nullable Endpoint own);

    /** Whether a node at this endpoint may have this id. If not it is treated as ephemeral, never as an error. */
    boolean accept(Key id, Endpoint endpoint);

    /**
     * Whether an id follows from the address that others see. A node then has no id to tell before it knows that address, and
     * gets another one when it changes.
     */
    default boolean bindsAddress() {
        return false;
    }

    /** Ids are random and every id is accepted, as in the seed. */
    static IdPolicy random() {
        return RandomIds.INSTANCE;
    }
}
