package org.dhtrpc.spi;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.dhtrpc.message.Command;
import org.jspecify.annotations.Nullable;

/**
 * What a wire format can do; a node compares it with its transport and its own settings when it is built, and refuses
 * what does not go together.
 *
 * @param name what it is called in messages to people
 * @param transactionBits bits of a transaction id: 64 ours, 16 dht-rpc 6, 15 the seed
 * @param tokenBytes length of a token: 8 ours, 32 the others
 * @param contactIds whether contacts carry their ids
 * @param families address families that it can carry
 * @param maxDatagram the largest datagram, in bytes; both what we send and what peers should
 * @param replyFactor how many times larger than its request a reply to an unproven address may be; 0 where the wire
 *     gives a requester no means to prove or pad itself, and only rates can help
 * @param builtInTokens whether replies to built-in commands carry a token; without, a node that joins is listed by those whom
 *     it asks once they have pinged it back
 * @param pongCarriesAddress whether the reply to a ping has the requester's address as its value (the seed), instead of
 *     in {@link org.dhtrpc.message.Message#to}
 * @param relays whether a ping can ask to be passed on, and say that it was: {@link org.dhtrpc.message.Relay} (the seed)
 * @param errors whether replies can carry an error code; without, an error is silence
 * @param padding whether requests can be padded
 * @param commands which commands it can carry
 * @param idPolicy the id policy that it needs, null if any will do
 */
public record Wire(
        String name,
        int transactionBits,
        int tokenBytes,
        boolean contactIds,
        Set<AddressFamily> families,
        int maxDatagram,
        int replyFactor,
        boolean builtInTokens,
        boolean pongCarriesAddress,
        boolean relays,
        boolean errors,
        boolean padding,
        Predicate<Command> commands,
        @Nullable IdPolicy idPolicy) {
    /** Checks the numbers, and copies the set. */
    public Wire {
        if (transactionBits < 1 || transactionBits > 64) {
            throw new IllegalArgumentException("A transaction id has 1 to 64 bits, not " + transactionBits);
        }
        if (tokenBytes < 8 || tokenBytes > 64) {
            throw new IllegalArgumentException("A token has 8 to 64 bytes, not " + tokenBytes);
        }
        if (maxDatagram < 1 || maxDatagram > 65_507) {
            throw new IllegalArgumentException("A datagram has 1 to 65507 bytes, not " + maxDatagram);
        }
        if (replyFactor < 0) {
            throw new IllegalArgumentException(
                    "A reply is 0 or more times as large as its request, not " + replyFactor);
        }
        // Not Set.copyOf: its order changes with every start of the JVM.
        Set<AddressFamily> copy = EnumSet.noneOf(AddressFamily.class);
        copy.addAll(families);
        families = Collections.unmodifiableSet(copy);
    }

    /** The transaction id that takes the most bytes, on a wire that writes small numbers in fewer. */
    public long longestTransaction() {
        return transactionBits == Long.SIZE ? Long.MIN_VALUE : (1L << transactionBits) - 1;
    }
}
