package org.dhtrpc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A contact of the routing table, as {@link Dht#contacts} exports it. What to save of it is {@link #contact}, as
 * {@link Contact#toString} writes it and {@link Contact#parse} reads it.
 *
 * @param contact the contact
 * @param age how long ago it was last heard of
 * @param roundTripTime smoothed round-trip time of the built-in requests to it, null if none was measured
 */
public record KnownContact(
        Contact contact, Duration age, @Nullable Duration roundTripTime) {}
