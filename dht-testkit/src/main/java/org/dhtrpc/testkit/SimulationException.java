package org.dhtrpc.testkit;

import org.jspecify.annotations.Nullable;

/**
 * A simulation cannot go on, or has shown a defect. The message ends with the seed, the virtual time and the trace hash,
 * which is what it takes to see the same again.
 */
public final class SimulationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SimulationException(String what, Kernel kernel, @Nullable Throwable cause) {
        super(what + " [" + kernel + "]", cause);
    }

    SimulationException(String what, Kernel kernel) {
        this(what, kernel, null);
    }
}
