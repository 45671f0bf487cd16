package org.dhtrpc.natlab;

import java.util.function.Consumer;

/**
 * How something is to be done.
 *
 * @param config the name that its results have
 * @param tries how often each cell is tried
 * @param newReferrer whether the referrer of a try is one that the caller has not punched by before
 * @param progress takes lines for whoever waits
 */
record Order(String config, int tries, boolean newReferrer, Consumer<String> progress) {}
