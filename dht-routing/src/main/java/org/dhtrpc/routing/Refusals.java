package org.dhtrpc.routing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;

/**
 * Who answered a query with an error, and with which: so that a failure can say more than that nobody did as asked. A few
 * are enough; how many there were is in the summary.
 */
final class Refusals {
    private static final int MOST = 20;

    private final Map<Endpoint, Integer> errors = new LinkedHashMap<>(1);

    void add(Endpoint from, int error) {
        if (errors.size() < MOST) {
            errors.put(from, error);
        }
    }

    /** The same failure, which has each refusal among its suppressed exceptions. */
    DhtException explain(DhtException failure) {
        errors.forEach((from, error) -> failure.addSuppressed(DhtException.refusedBy(from, error)));
        return failure;
    }
}
