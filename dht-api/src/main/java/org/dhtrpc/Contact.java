package org.dhtrpc;

/**
 * A node that others can be told about: its id and where it is reached. Immutable and meant to be shared.
 *
 * @param id the node's id
 * @param endpoint where it answers
 */
public record Contact(Key id, Endpoint endpoint) {
    /**
     * The contact written as {@code id@address:port}, an id of 64 hexadecimal digits and a numeric endpoint, as
     * {@link #toString} writes it.
     *
     * @throws IllegalArgumentException if the text is anything else; the message names it
     */
    public static Contact parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("No id in '" + Texts.shortened(text) + "'; expected 'id@address:port'");
        }
        return new Contact(Key.parse(text.substring(0, at)), Endpoint.parse(text.substring(at + 1)));
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return id + "@" + endpoint;
    }
}
