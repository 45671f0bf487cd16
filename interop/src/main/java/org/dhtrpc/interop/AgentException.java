package org.dhtrpc.interop;

/** What an agent was told to do has failed; the message is the package's own. */
final class AgentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AgentException(String message) {
        super(message);
    }
}
