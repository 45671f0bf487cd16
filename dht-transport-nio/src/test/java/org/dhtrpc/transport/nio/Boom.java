package org.dhtrpc.transport.nio;

/** An error that is thrown on purpose, and leaves one line in the log of the build instead of forty. */
final class Boom extends Error {
    private static final long serialVersionUID = 1;

    Boom() {
        super("thrown on purpose by a test", null, false, false);
    }
}
