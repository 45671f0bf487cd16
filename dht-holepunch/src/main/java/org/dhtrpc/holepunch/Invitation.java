package org.dhtrpc.holepunch;

import org.dhtrpc.Endpoint;

/**
 * Somebody wants to reach this node. Nobody has proven who he is, only that the referrer has seen him at this address.
 *
 * @param peer where the referrer sees whoever asks
 * @param referrer who passed it on
 * @param profile what is before the peer, as it says itself
 */
public record Invitation(Endpoint peer, Endpoint referrer, NatProfile profile) {}
