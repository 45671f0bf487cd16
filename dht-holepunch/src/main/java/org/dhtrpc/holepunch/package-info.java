/**
 * Reaches peers behind NATs. {@link org.dhtrpc.holepunch.PunchingTransport} is put around a node's socket, and is its hole puncher;
 * the protocol is in {@code docs/holepunch.md}.
 */
@org.jspecify.annotations.NullMarked
package org.dhtrpc.holepunch;
