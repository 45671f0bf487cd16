package org.dhtrpc.routing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;

/**
 * Who answered a query with an error, and with which, or is ephemeral: so that a failure can say more than that nobody did as asked. A few
 * are enough; how many there were is in the summary.
 */
final class Refusals {
    private static final int MOST = 20;

    /** Stands for the error of one that sends no id; no code is negative. */
    private static final int EPHEMERAL = -1;

    private final Map<Endpoint, Integer> errors = new LinkedHashMap<>(1);

    void add(Endpoint from, int error) {
        if (errors.size() < MOST) {
            errors.put(from, error);
        }
    }

    /** Somebody has answered without an id: nothing can be committed there. */
    void addEphemeral(Endpoint from) {
        add(from, EPHEMERAL);
    }

    /** The same failure, which has each refusal among its suppressed exceptions. */
    DhtException explain(DhtException failure) {
        errors.forEach((from, error) -> failure.addSuppressed(
                error == EPHEMERAL
                        ? new DhtException(failure.reason(), from + " is ephemeral: it stores nothing for others")
                        : DhtException.refusedBy(from, error)));
        return failure;
    }
}
