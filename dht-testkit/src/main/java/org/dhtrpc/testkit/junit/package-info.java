/**
 * Simulations as JUnit Jupiter tests: {@link org.dhtrpc.testkit.junit.SimulationTest} marks them,
 * {@link org.dhtrpc.testkit.junit.Simulations} is told what their networks and nodes are like, and
 * {@link org.dhtrpc.testkit.junit.SimulationAssertions} has assertions in the style of AssertJ. Nothing else of the testkit
 * needs JUnit or AssertJ; whoever uses this package has both among its own dependencies.
 */
package org.dhtrpc.testkit.junit;
