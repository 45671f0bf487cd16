package org.dhtrpc.node;

import java.lang.System.Logger.Level;
import java.util.function.Predicate;
import org.dhtrpc.Endpoint;

/** An address filter of somebody else's: an endpoint at which it throws is refused, and ends nothing. */
record GuardedFilter(Predicate<? super Endpoint> filter) implements Predicate<Endpoint> {
    private static final System.Logger LOG = System.getLogger(GuardedFilter.class.getName());

    @Override
    public boolean test(Endpoint endpoint) {
        try {
            return filter.test(endpoint);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "The address filter threw at " + endpoint, e);
            return false;
        }
    }
}
