package org.dhtrpc.natlab;

import java.util.function.Consumer;

/** What is done in a laboratory. */
interface Suite {
    /**
     * Does it.
     *
     * @param config the name of the results
     * @param lab the laboratory, which is up
     * @param tries how often each cell is tried
     * @param progress takes lines for whoever waits
     */
    Results run(String config, Laboratory lab, int tries, Consumer<String> progress);
}
