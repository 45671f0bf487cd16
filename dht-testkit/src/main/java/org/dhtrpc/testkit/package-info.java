/**
 * The simulated network. {@link org.dhtrpc.testkit.SimulatedNetwork} has the clock and the links,
 * {@link org.dhtrpc.testkit.SimulatedHost} has what a node needs to run there: a transport, a codec, randomness, an id.
 *
 * <p>The trace of a run is a function of the seed, the scenario and the version, on every JDK and operating system.
 * Nothing here starts a thread, reads a clock of the machine's, or keeps static state.
 */
package org.dhtrpc.testkit;
