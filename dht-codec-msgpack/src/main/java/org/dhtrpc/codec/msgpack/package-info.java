/**
 * The wire format of dht-rpc for the JVM, {@code docs/protocol.md}, in MessagePack. One public type,
 * {@link org.dhtrpc.codec.msgpack.MsgpackCodec}.
 *
 * <p>On JDK 24 and later msgpack-core makes the JVM print a warning about {@code sun.misc.Unsafe}; the system property
 * {@code msgpack.universal-buffer=true} silences it, for a fraction of a microsecond per datagram.
 */
@NullMarked
package org.dhtrpc.codec.msgpack;

import org.jspecify.annotations.NullMarked;
