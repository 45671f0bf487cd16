package org.dhtrpc.testkit.adversary;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Foothold;

/**
 * Puppets that want to be all that one node knows (eclipse attack: Singh et al. 2006; Heilman et al. 2015, for Bitcoin). Their
 * ids fall into its buckets in turn, from the farthest on; they introduce themselves to it, prove their addresses, answer
 * everything at once, and name each other only.
 *
 * <p>A node that has just started they may have for good. Against them: while a contact answers nobody takes its place, a
 * subnet gets few of them, and lookups begin with bootstrap nodes while the table is young.
 */
public final class Eclipse implements Adversary {
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final Endpoint victim;
    private final Key id;
    private final int buckets;
    private final Gang gang = new Gang();

    /**
     * Puppets around a node.
     *
     * @param victim where it is
     * @param id its id, which anybody learns who asks it
     * @param buckets how many of its buckets they want, from the farthest on: a network of n nodes fills some log2(n / 20) of
     *     them, and the last of those has all that are nearer; 1 to 256
     */
    public Eclipse(Endpoint victim, Key id, int buckets) {
        if (buckets < 1 || buckets > Key.BITS) {
            throw new IllegalArgumentException("A table has 1 to 256 buckets, not " + buckets);
        }
        this.victim = victim;
        this.id = id;
        this.buckets = buckets;
    }

    @Override
    public void begin(Foothold host) {
        Puppet puppet = gang.join(host, id.randomInBucket(gang.size() % buckets, host.random()));
        Beat.every(EVERY, host, () -> puppet.ask(victim, id));
    }

    @Override
    public void received(Foothold host, Endpoint from, Message message) {
        Puppet puppet = gang.on(host);
        if (puppet != null && message instanceof Request request) {
            puppet.answer(from, request, request.target() == null ? List.of() : gang.nearest(request.target()));
        } else if (puppet != null && message instanceof Reply reply && puppet.heard(from, reply)) {
            puppet.ask(from, id);
        }
    }

    /** The ids of the puppets, in the order in which they came: the victim's contacts that are among them are theirs. */
    public List<Key> ids() {
        return gang.ids();
    }
}
