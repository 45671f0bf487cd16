package org.dhtrpc.spi;

import java.time.Duration;
import org.dhtrpc.Endpoint;

/**
 * A path to a peer behind a NAT.
 *
 * @param endpoint the address that answers; not always the one that was asked for
 * @param path the kind of path, in the hole puncher's own words
 * @param elapsed how long it took
 */
public record Punched(Endpoint endpoint, String path, Duration elapsed) {}
