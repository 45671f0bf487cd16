/**
 * The wire formats of npm dht-rpc: {@link org.dhtrpc.codec.dhtrpc.DhtRpc6Codec} for version 6 and the networks of today,
 * {@link org.dhtrpc.codec.dhtrpc.DhtRpc1Codec} for versions 1 to 3. What a field of either becomes in a message is said by
 * the table in {@code docs/spi/codec.md}.
 */
@NullMarked
package org.dhtrpc.codec.dhtrpc;

import org.jspecify.annotations.NullMarked;
