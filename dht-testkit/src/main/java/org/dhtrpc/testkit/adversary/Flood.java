package org.dhtrpc.testkit.adversary;

import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Request;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Foothold;
import org.jspecify.annotations.Nullable;

/**
 * Puppets that ask one node for something, each so often in a second, and take no notice of the answers.
 *
 * <p>Against them: a public address may make so many requests a second, and no more. Addresses in private networks have no
 * limit unless one is asked for, and those of a simulation are private unless it has {@linkplain
 * org.dhtrpc.testkit.SimulatedNetworkBuilder#publicAddresses public} ones.
 */
public final class Flood implements Adversary {
    private final Endpoint victim;
    private final double perSecond;
    private final Command command;
    private final @Nullable Key target;
    private long sent;

    /**
     * A flood.
     *
     * @param victim who is asked
     * @param perSecond how often by each puppet; more than 0, at most a million
     * @param command what for
     * @param target what about, null if the command is about nothing
     * @throws IllegalArgumentException if the rate is none
     */
    public Flood(Endpoint victim, double perSecond, Command command, @Nullable Key target) {
        this.victim = victim;
        this.perSecond = Beat.rate(perSecond);
        this.command = command;
        this.target = target;
    }

    @Override
    public void begin(Foothold host) {
        Beat.often(perSecond, host, () -> {
            host.send(victim, request(host, victim, command, target));
            sent++;
        });
    }

    static Request request(Foothold host, Endpoint to, Command command, @Nullable Key target) {
        long transaction = host.random().nextInt(Puppet.TRANSACTIONS);
        return new Request(transaction, null, to, command, target, null, null);
    }

    @Override
    public void received(Foothold host, Endpoint from, Message message) {}

    /** How many requests all puppets have sent. */
    public long sent() {
        return sent;
    }
}
