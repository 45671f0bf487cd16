/**
 * What travels: two shapes, {@link org.dhtrpc.message.Request} and {@link org.dhtrpc.message.Reply}, that serve every
 * wire. {@code docs/spi/codec.md} maps the fields of each wire to them.
 */
package org.dhtrpc.message;
