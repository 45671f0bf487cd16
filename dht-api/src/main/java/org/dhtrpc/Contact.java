package org.dhtrpc;

/**
 * A node that others can be told about: its id and where it is reached. Immutable and meant to be shared.
 *
 * @param id the node's id
 * @param endpoint where it answers
 */
public record Contact(Key id, Endpoint endpoint) {
    /** For example {@code 3fa9…@192.0.2.1:3282}, with the first 8 digits of the id. */
    @Override
    public String toString() {
        return id.toString().substring(0, 8) + "…@" + endpoint;
    }
}
