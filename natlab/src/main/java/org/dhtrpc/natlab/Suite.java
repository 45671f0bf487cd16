package org.dhtrpc.natlab;

/** What is done in a laboratory. */
interface Suite {
    /** Does it, in a laboratory that is up. */
    Results run(Laboratory lab, Order order);
}
