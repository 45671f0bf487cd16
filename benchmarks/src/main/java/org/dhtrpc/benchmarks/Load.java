package org.dhtrpc.benchmarks;

/** What keeps calls in flight. */
@FunctionalInterface
interface Load {
    /** Begins as many calls as the phase has in flight, and another where {@link Phase#ended} says so. */
    void begin(Phase phase);
}
