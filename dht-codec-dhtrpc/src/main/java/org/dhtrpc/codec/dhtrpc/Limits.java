package org.dhtrpc.codec.dhtrpc;

import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/** What both wires cannot say: each check refuses it with an {@link IllegalArgumentException} that names the field. */
final class Limits {
    static final int TOKEN_BYTES = 32;
    static final int MAX_CONTACTS = 20;

    private Limits() {}

    /** A token is all that tells a commit from a query, and only the application has commits. */
    static boolean commits(Command command, @Nullable Bytes token) {
        return token != null && !command.builtIn();
    }

    static void checkTransaction(Message message, int bits) {
        if (message.transaction() >>> bits != 0) {
            throw new IllegalArgumentException(
                    "A transaction of this wire has " + bits + " bits, not " + message.transaction());
        }
    }

    static void checkToken(Message message) {
        Bytes token = message.token();
        if (token != null && token.size() != TOKEN_BYTES) {
            throw new IllegalArgumentException("A token has " + TOKEN_BYTES + " bytes, not " + token.size());
        }
    }

    static void checkContacts(List<Contact> contacts) {
        if (contacts.size() > MAX_CONTACTS) {
            throw new IllegalArgumentException(
                    "A reply has at most " + MAX_CONTACTS + " contacts, not " + contacts.size());
        }
        // Not a for-each: this is asked often, and must not allocate an iterator.
        for (int i = 0; i < contacts.size(); i++) {
            Ipv4.check("a contact", contacts.get(i).endpoint());
        }
    }

    /** That its commit is the one that would be read, and that it has no padding. */
    static void checkRequest(Request request) {
        if (request.commit() != commits(request.command(), request.token())) {
            throw new IllegalArgumentException(
                    "On this wire a command of the application's with a token is a commit, and nothing else is: commit is "
                            + request.commit() + " for " + request.command() + " with"
                            + (request.token() == null ? "out" : "") + " a token");
        }
        if (request.padding() != 0) {
            throw new IllegalArgumentException("This wire has no padding, and the request " + request.padding());
        }
    }

    static IllegalArgumentException inexpressible(Command command) {
        return new IllegalArgumentException("This wire has no command " + command);
    }
}
