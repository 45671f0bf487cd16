/**
 * Runnable programs.
 *
 * <p>{@link org.dhtrpc.examples.FirstLookup} is the program of the README, and
 * {@link org.dhtrpc.examples.KeyValueStore} the example of the seed. {@link org.dhtrpc.examples.Bootstrap},
 * {@link org.dhtrpc.examples.Nodes} and {@link org.dhtrpc.examples.Client} run that store in three terminals, and
 * {@link org.dhtrpc.examples.Demo} runs it in one process and measures it.
 */
@org.jspecify.annotations.NullMarked
package org.dhtrpc.examples;
