package org.dhtrpc.testkit.adversary;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Foothold;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that lie about whom they know: each of their replies to a question about a target names invented contacts that are
 * nearer to it than everybody, and no value. They join, answer and are listed like others.
 *
 * <p>A lookup that believes them asks nobody but the inventions until it is tired (routing table poisoning; Urdaneta, Pierre
 * and van Steen, "A survey of DHT security techniques", 2011). With {@link #at} all inventions are at one address, which
 * then hears from every lookup. Against them: a referrer answers for few candidates at once, and for none once two of them
 * were silent.
 */
public final class Liars implements Adversary {
    /** As many as a node names. */
    private static final int CONTACTS = 20;

    private static final int REMEMBERED = 1_024;

    private final @Nullable Endpoint victim;

    /** What was asked, of all hosts, the oldest first. */
    private final Map<Question, Key> targets = new LinkedHashMap<>();

    private record Question(Foothold host, Endpoint from, long transaction) {}

    /** Liars that invent addresses all over 198.18.0.0/15. */
    public Liars() {
        this(null);
    }

    private Liars(@Nullable Endpoint victim) {
        this.victim = victim;
    }

    /** Liars whose contacts are all at ports of this address: whoever believes them asks there. */
    public static Liars at(Endpoint victim) {
        return new Liars(victim);
    }

    @Override
    public void received(Foothold host, Endpoint from, Message message) {
        if (message instanceof Request request && request.target() != null) {
            targets.put(new Question(host, from, request.transaction()), request.target());
            if (targets.size() > REMEMBERED) {
                targets.remove(targets.keySet().iterator().next());
            }
        }
        host.deliver(from, message);
    }

    @Override
    public void sending(Foothold host, Endpoint to, Message message) {
        Key target = message instanceof Reply ? targets.remove(new Question(host, to, message.transaction())) : null;
        host.send(to, target != null && message instanceof Reply reply ? lie(host, target, reply) : message);
    }

    private Reply lie(Foothold host, Key target, Reply meant) {
        return new Reply(
                meant.transaction(),
                meant.sender(),
                meant.to(),
                Inventions.near(target, CONTACTS, victim, host.random()),
                meant.token(),
                meant.error(),
                null);
    }
}
