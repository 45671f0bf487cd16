/**
 * The node that an application runs: {@link org.dhtrpc.node.DhtNode} drives the machine of {@link org.dhtrpc.routing} with
 * a transport, its loop and a codec.
 *
 * <p>The builder and a Dagger component of the application's own build the same node from the same bindings,
 * {@link org.dhtrpc.node.NodeModule}.
 */
package org.dhtrpc.node;
