package org.dhtrpc.testkit.adversary;

import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Foothold;

/**
 * Puppets that see nothing of what a node asks, and answer all the same: in the name of those whom it may be asking, with
 * transaction ids that are guessed (as in the poisoning of DNS caches; Kaminsky 2008). Each reply comes from somebody who
 * claims to be another, and names inventions.
 *
 * <p>Against them: a reply counts if its transaction and its source are those of one request under way. Of 64 bits nobody
 * guesses one; of the 16 of foreign wires somebody may.
 */
public final class SpoofedReplies implements Adversary {
    private static final int CONTACTS = 20;

    private final Endpoint victim;
    private final List<Endpoint> sources;
    private final double perSecond;
    private final int bits;
    private long sent;

    /**
     * Replies to one node.
     *
     * @param victim whose requests are answered
     * @param sources in whose names, in turn; at least one
     * @param perSecond how many replies each puppet sends; more than 0, at most a million
     * @param bits how many bits the transaction ids of the wire have; 1 to 64
     * @throws IllegalArgumentException if one of these is beyond its limits
     */
    public SpoofedReplies(Endpoint victim, List<Endpoint> sources, double perSecond, int bits) {
        if (sources.isEmpty() || bits < 1 || bits > Long.SIZE) {
            throw new IllegalArgumentException(
                    "Spoofed replies need a source or more and transactions of 1 to 64 bits, not " + sources.size()
                            + " and " + bits);
        }
        this.victim = victim;
        this.sources = List.copyOf(sources);
        this.perSecond = Beat.rate(perSecond);
        this.bits = bits;
    }

    @Override
    public void begin(Foothold host) {
        Beat.often(perSecond, host, () -> {
            Endpoint source = sources.get((int) (sent % sources.size()));
            host.sendAs(source, victim, reply(host.random()));
            sent++;
        });
    }

    private Reply reply(RandomGenerator random) {
        long guess = random.nextLong() >>> (Long.SIZE - bits);
        Key claimed = Key.random(random);
        List<Contact> contacts = Inventions.near(Key.random(random), CONTACTS, null, random);
        return new Reply(guess, claimed, victim, contacts, null, ErrorCode.NONE, null);
    }

    @Override
    public void received(Foothold host, Endpoint from, Message message) {}

    /** How many replies all puppets have sent. */
    public long sent() {
        return sent;
    }
}
