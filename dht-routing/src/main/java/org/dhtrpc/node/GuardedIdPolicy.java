package org.dhtrpc.node;

import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.spi.IdPolicy;
import org.jspecify.annotations.Nullable;

/** An id policy of somebody else's: an id at which it throws is not believed, and ends nothing. */
record GuardedIdPolicy(IdPolicy policy, Problems problems) implements IdPolicy {
    @Override
    public Key create(RandomGenerator random, @Nullable Endpoint own) {
        return policy.create(random, own);
    }

    @Override
    public boolean bindsAddress() {
        return policy.bindsAddress();
    }

    @Override
    public boolean accept(Key id, Endpoint endpoint) {
        try {
            return policy.accept(id, endpoint);
        } catch (RuntimeException | Error e) {
            problems.report("The id policy threw at " + id + " of " + endpoint, e);
            return false;
        }
    }
}
