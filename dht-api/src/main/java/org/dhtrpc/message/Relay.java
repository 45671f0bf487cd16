package org.dhtrpc.message;

import org.dhtrpc.Endpoint;

/**
 * Asks for a request to be passed on (the seed's hole punching does it with a ping). A node does so for those whom it knows.
 *
 * @param kind which way
 * @param endpoint the other end
 */
public record Relay(Kind kind, Endpoint endpoint) {
    /** The two ways. */
    public enum Kind {
        /** To a referrer: pass this on to the endpoint. */
        FORWARD_TO,
        /** From a referrer: this was passed on; answer to the endpoint. */
        ANSWER_TO
    }
}
