package org.dhtrpc.testkit.adversary;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Foothold;

/**
 * Puppets around a key, which want to be all that anybody finds there (sybil attack: Douceur 2002; on one key of a DHT:
 * Steiner, En-Najjary and Biersack 2007). They introduce themselves to the nodes near the key, prove their addresses and
 * answer everything at once, so that they are listed. They name each other only, take what they are given to store and
 * forget it, and find nothing.
 *
 * <p>Where ids are free to choose twenty of them suffice, since they <em>are</em> the twenty nearest. Against them: ids that
 * follow from addresses, so that each address has few places to be in.
 */
public final class Sybils implements Adversary {
    /** The nodes that each introduces itself to. */
    private static final int ACQUAINTANCES = 60;

    private static final Duration EVERY = Duration.ofSeconds(30);

    private final Key key;
    private final Function<? super Foothold, Key> ids;
    private final List<Endpoint> bootstrap;
    private final Gang gang = new Gang();

    /** Whom they have heard of, all together. */
    private final List<Endpoint> known = new ArrayList<>();

    /** The same, never iterated. */
    private final Set<Endpoint> met = new HashSet<>();

    private long forgotten;

    /**
     * Sybils that choose their ids.
     *
     * @param key what they gather around
     * @param ids the id of each, a different one each time: {@link #sharing}, or whatever a policy lets them have
     * @param bootstrap whom they ask for the nodes near the key
     */
    public Sybils(Key key, Function<? super Foothold, Key> ids, List<Endpoint> bootstrap) {
        this.key = key;
        this.ids = ids;
        this.bootstrap = List.copyOf(bootstrap);
    }

    /**
     * Ids that begin with so many bits of a key, and go on by chance. In a network of n nodes the 20 nearest share log2(n / 20)
     * bits and a few more; with 64 nobody else is as near.
     *
     * @throws IllegalArgumentException unless {@code bits} is 0 to 255
     */
    public static Function<Foothold, Key> sharing(int bits, Key key) {
        if (bits < 0 || bits >= Key.BITS) {
            throw new IllegalArgumentException("An id shares 0 to 255 bits with a key, not " + bits);
        }
        return host -> {
            RandomGenerator random = host.random();
            int shared = bits;
            while (shared < Key.BITS - 1 && random.nextBoolean()) {
                shared++;
            }
            return key.randomInBucket(shared, random);
        };
    }

    @Override
    public void begin(Foothold host) {
        Puppet puppet = gang.join(host, ids.apply(host));
        Beat.every(EVERY, host, () -> {
            bootstrap.forEach(node -> puppet.ask(node, key));
            List.copyOf(known).forEach(node -> puppet.ask(node, key));
        });
    }

    @Override
    public void received(Foothold host, Endpoint from, Message message) {
        Puppet puppet = gang.on(host);
        if (puppet != null && message instanceof Request request) {
            forgotten += request.commit() ? 1 : 0;
            puppet.answer(from, request, request.target() == null ? List.of() : gang.nearest(request.target()));
        } else if (puppet != null && message instanceof Reply reply) {
            if (puppet.heard(from, reply)) {
                puppet.ask(from, key);
            }
            learn(puppet, reply);
        }
    }

    private void learn(Puppet puppet, Reply reply) {
        if (reply.contacts() == null) {
            return;
        }
        for (Contact contact : reply.contacts()) {
            if (known.size() < ACQUAINTANCES && !gang.has(contact) && met.add(contact.endpoint())) {
                known.add(contact.endpoint());
                puppet.ask(contact.endpoint(), key);
            }
        }
    }

    /** How many there are. */
    public int size() {
        return gang.size();
    }

    /** Their ids, in the order in which they came. */
    public List<Key> ids() {
        return gang.ids();
    }

    /** How often they were given something to store. */
    public long forgotten() {
        return forgotten;
    }
}
