package org.dhtrpc.testkit.adversary;

import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Foothold;
import org.jspecify.annotations.Nullable;

/**
 * Puppets that ask nodes in the name of a victim, which gets the answers (Paxson 2001; for DHTs, Adamsky et al. 2015). The
 * nodes are asked in turn.
 *
 * <p>Nothing in a datagram shows that its source is forged. Against it: an answer to an address that has proven nothing is at
 * most three times as large as the question, and an address may ask so often. What a {@link org.dhtrpc.testkit.Tap} counts
 * at the victim, in proportion to what the puppets have sent, is the amplification.
 */
public final class Reflection implements Adversary {
    private final Endpoint victim;
    private final List<Endpoint> reflectors;
    private final double perSecond;
    private final Command command;
    private final @Nullable Key target;
    private long sent;

    /**
     * A reflection.
     *
     * @param victim who is to get the answers
     * @param reflectors who is asked; at least one
     * @param perSecond how many requests each puppet sends; more than 0, at most a million
     * @param command what is asked for
     * @param target what about, null if the command is about nothing
     * @throws IllegalArgumentException if the rate is none, or nobody is asked
     */
    public Reflection(
            Endpoint victim, List<Endpoint> reflectors, double perSecond, Command command, @Nullable Key target) {
        if (reflectors.isEmpty()) {
            throw new IllegalArgumentException("A reflection needs nodes to ask, not none");
        }
        this.victim = victim;
        this.reflectors = List.copyOf(reflectors);
        this.perSecond = Beat.rate(perSecond);
        this.command = command;
        this.target = target;
    }

    @Override
    public void begin(Foothold host) {
        Beat.often(perSecond, host, () -> {
            Endpoint reflector = reflectors.get((int) (sent % reflectors.size()));
            host.sendAs(victim, reflector, Flood.request(host, reflector, command, target));
            sent++;
        });
    }

    @Override
    public void received(Foothold host, Endpoint from, Message message) {}

    /** How many requests all puppets have sent. */
    public long sent() {
        return sent;
    }
}
