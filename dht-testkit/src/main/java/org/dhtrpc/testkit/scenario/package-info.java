/**
 * Networks that live: a {@link org.dhtrpc.testkit.scenario.Scenario} says how many nodes come and go, what befalls them and what
 * they are asked for, and prints as text; a {@link org.dhtrpc.testkit.scenario.Laboratory} says what a node is and what must
 * hold, and runs it.
 */
package org.dhtrpc.testkit.scenario;
