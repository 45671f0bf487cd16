package org.dhtrpc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a ping.
 *
 * @param address this node's address as the peer sees it
 * @param from the address that answered
 * @param id the id that the peer sent, null if it is ephemeral
 * @param roundTripTime from the send that was answered, or the first one if that is not known, to the reply
 */
public record Pong(
        Endpoint address, Endpoint from, @Nullable Key id, Duration roundTripTime) {}
