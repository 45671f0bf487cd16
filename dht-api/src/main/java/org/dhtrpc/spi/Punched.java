package org.dhtrpc.spi;

import java.time.Duration;
import org.dhtrpc.Endpoint;

/** A path to a peer behind a NAT. A hole puncher that knows more of it has a type of its own for that. */
public interface Punched {
    /** The address that answers; not always the one that was asked for. */
    Endpoint endpoint();

    /** The kind of path, in the hole puncher's own words. */
    String path();

    /** How long it took. */
    Duration elapsed();

    /** A path of which no more is known. */
    static Punched of(Endpoint endpoint, String path, Duration elapsed) {
        record Plain(Endpoint endpoint, String path, Duration elapsed) implements Punched {}
        return new Plain(endpoint, path, elapsed);
    }
}
