/**
 * Attackers to set upon a {@link org.dhtrpc.testkit.SimulatedNetwork}, each an {@link org.dhtrpc.testkit.Adversary}: those
 * that turn nodes into bad ones, and puppets, which need a host without a node
 * ({@code host.capture(adversary, codec)}). One instance may have many hosts. All draw from {@code Foothold.random}.
 */
@NullMarked
package org.dhtrpc.testkit.adversary;

import org.jspecify.annotations.NullMarked;
