package org.dhtrpc;

/** What {@link Dht} hands out for a handler or a listener; closing it takes it away again. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    /** Removes the handler or listener, from any thread. Idempotent; a handler that has taken its place stays. */
    @Override
    void close();
}
