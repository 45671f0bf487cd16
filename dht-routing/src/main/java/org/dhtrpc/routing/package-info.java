/**
 * The pure core: {@link org.dhtrpc.routing.Kademlia} is a node as a state machine that is polled; the rest are its parts,
 * plain objects that call each other.
 *
 * <p>Nothing here reads a clock, starts a thread, logs, or depends on the order of a hash table: the same inputs give
 * the same effects, on every machine.
 */
package org.dhtrpc.routing;
