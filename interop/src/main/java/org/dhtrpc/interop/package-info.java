/**
 * Our nodes and those of npm dht-rpc in one network, on loopback: {@link org.dhtrpc.interop.InteropTest} runs the cases, and
 * {@code interop/js} has the agents that host the others.
 */
@org.jspecify.annotations.NullMarked
package org.dhtrpc.interop;
