package org.dhtrpc.node;

import java.lang.System.Logger.Level;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.spi.IdPolicy;
import org.jspecify.annotations.Nullable;

/** An id policy of somebody else's: an id at which it throws is not believed, and ends nothing. */
record GuardedIdPolicy(IdPolicy policy) implements IdPolicy {
    private static final System.Logger LOG = System.getLogger(GuardedIdPolicy.class.getName());

    @Override
    public Key create(RandomGenerator random, @Nullable Endpoint own) {
        return policy.create(random, own);
    }

    @Override
    public boolean accept(Key id, Endpoint endpoint) {
        try {
            return policy.accept(id, endpoint);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "The id policy threw at " + id + " of " + endpoint, e);
            return false;
        }
    }
}
