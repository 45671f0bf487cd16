package org.dhtrpc.testkit.contract;

/** An error that is thrown on purpose, and leaves one line in a log instead of forty. */
final class Boom extends Error {
    private static final long serialVersionUID = 1;

    Boom() {
        super("thrown on purpose by a contract's test", null, false, false);
    }
}
