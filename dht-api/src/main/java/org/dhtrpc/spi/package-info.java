/**
 * What an implementer writes: a {@link org.dhtrpc.spi.Transport} moves datagrams, a {@link org.dhtrpc.spi.Codec} turns
 * them into messages, an {@link org.dhtrpc.spi.EventLoop} gives time and serial execution, an
 * {@link org.dhtrpc.spi.IdPolicy} makes and judges ids, a {@link org.dhtrpc.spi.HolePuncher} reaches peers behind NATs.
 *
 * <p>Nothing is looked up by name or registered anywhere: an application passes instances. The rules of each contract,
 * with their reasons, are in {@code docs/spi/}.
 */
package org.dhtrpc.spi;
