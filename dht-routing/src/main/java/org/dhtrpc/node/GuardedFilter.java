package org.dhtrpc.node;

import java.util.function.Predicate;
import org.dhtrpc.Endpoint;

/** An address filter of somebody else's: an endpoint at which it throws is refused, and ends nothing. */
record GuardedFilter(Predicate<? super Endpoint> filter, Problems problems) implements Predicate<Endpoint> {
    @Override
    public boolean test(Endpoint endpoint) {
        try {
            return filter.test(endpoint);
        } catch (RuntimeException | Error e) {
            problems.report("The address filter threw at " + endpoint, e);
            return false;
        }
    }
}
