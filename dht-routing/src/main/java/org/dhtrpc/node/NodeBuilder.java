package org.dhtrpc.node;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.routing.KademliaConfig;
import org.dhtrpc.routing.Rate;
import org.dhtrpc.routing.Standing;
import org.dhtrpc.routing.SubnetLimit;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.IdPolicy;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Builds a node. Only the transport and the codec have no default.
 *
 * <p>Not thread-safe; may be used again, with another transport.
 */
public final class NodeBuilder {
    private @Nullable Transport transport;
    private @Nullable Codec codec;

    @Nullable
    HolePuncher holePuncher;

    @Nullable
    Key id;

    @Nullable
    IdPolicy idPolicy;

    @Nullable
    RandomGenerator random;

    HostResolver resolver = HostResolver.system();

    @Nullable
    Standing standing;

    @Nullable
    Endpoint publicAddress;

    boolean firewalled = true;
    int k = KademliaConfig.defaults().k();
    int concurrency = KademliaConfig.defaults().concurrency();
    Duration requestTimeout = KademliaConfig.defaults().requestTimeout();
    Duration queryDeadline = KademliaConfig.defaults().queryDeadline();
    Rate requestRate = KademliaConfig.defaults().requestRate();
    SubnetLimit subnetLimit = KademliaConfig.defaults().subnetLimit();
    Predicate<? super Endpoint> addressFilter = every -> true;
    final List<String> bootstrap = new ArrayList<>();
    List<Contact> savedContacts = List.of();
    List<Contact> verifiedContacts = List.of();

    NodeBuilder() {}

    /**
     * The socket, bound and not yet open. The node owns it from a successful {@link #build} on, and closes it; if that
     * fails it is still the caller's to close.
     */
    public NodeBuilder transport(Transport transport) {
        this.transport = Objects.requireNonNull(transport, "transport");
        return this;
    }

    /** The wire. May be shared with other nodes. */
    public NodeBuilder codec(Codec codec) {
        this.codec = Objects.requireNonNull(codec, "codec");
        return this;
    }

    /** The node's id. Default: one that the id policy makes. */
    public NodeBuilder id(Key id) {
        this.id = Objects.requireNonNull(id, "id");
        return this;
    }

    /**
     * {@code true}: answer everything, but never be listed; for bootstrap nodes and short-lived clients. {@code false}: be
     * listed, and where ids follow from addresses (dht-rpc 6) as soon as it is known that others reach the node;
     * {@link Dht#ready} waits for that.
     *
     * <p>Default false; where ids follow from addresses, {@linkplain #adaptive adaptive}.
     */
    public NodeBuilder ephemeral(boolean ephemeral) {
        this.standing = ephemeral ? Standing.EPHEMERAL : Standing.PERSISTENT;
        return this;
    }

    /**
     * Be ephemeral at first, and listed once the node has been up for 20 minutes and was found to be reached from outside, as
     * the nodes of dht-rpc 6 are by default, or need not be since it has a hole puncher; ephemeral again once the machine has
     * slept.
     */
    public NodeBuilder adaptive() {
        this.standing = Standing.ADAPTIVE;
        return this;
    }

    /**
     * Whether a node that is to become persistent may be behind a firewall, so that it is checked first: some nodes, asked from
     * a second socket ({@link Transport#sibling}), answer to the first one. {@code false} if it is known that there is none; then
     * it is enough that others agree on the address. Default true. A node that is persistent from the start is checked only if it
     * has a hole puncher, and nobody waits for that.
     */
    public NodeBuilder firewalled(boolean firewalled) {
        this.firewalled = firewalled;
        return this;
    }

    /**
     * The address at which others reach the node, where that is known: nothing need be found out then.
     *
     * @throws IllegalArgumentException if it is no node's address: a wildcard, or port 0
     */
    public NodeBuilder publicAddress(Endpoint address) {
        if (address.isWildcard() || address.port() == 0) {
            throw new IllegalArgumentException("The address of no node: " + address);
        }
        this.publicAddress = address;
        return this;
    }

    /**
     * Nodes to join by: {@code host:port}, {@code host} (port {@value Dht#DEFAULT_PORT}), {@code :port} (127.0.0.1) or
     * {@code [ipv6]:port}. Adds to those given before. Names are resolved when the node starts, and at each retry.
     *
     * @throws IllegalArgumentException if a text is none of these, or "any address" (0.0.0.0, ::)
     */
    public NodeBuilder bootstrap(String... hosts) {
        for (String host : hosts) {
            Endpoint literal = HostNames.literal(host);
            if (literal != null && literal.isWildcard()) {
                throw new IllegalArgumentException("The address of no node: " + host);
            }
            bootstrap.add(host);
        }
        return this;
    }

    /** Nodes to join by. Adds to those given before. */
    public NodeBuilder bootstrap(Endpoint... endpoints) {
        for (Endpoint endpoint : endpoints) {
            bootstrap(endpoint.toString());
        }
        return this;
    }

    /**
     * Where ids, tokens and transaction ids come from. Default a {@link SecureRandom}; anything predictable lets
     * strangers forge replies, and belongs in simulations only. Drawn from on the node's loop: nodes on different loops
     * may share one only if it is thread-safe.
     */
    public NodeBuilder random(RandomGenerator random) {
        this.random = Objects.requireNonNull(random, "random");
        return this;
    }

    /** Requests of one query in flight, 1 to 64. Default 10. */
    public NodeBuilder concurrency(int concurrency) {
        this.concurrency = concurrency;
        return this;
    }

    /** Contacts per bucket, and nodes of a commit: 1 to 20. Default 20; all nodes of a network should agree. */
    public NodeBuilder k(int k) {
        this.k = k;
        return this;
    }

    /**
     * After which time a request that nobody answers has failed, its repeats included; and for how long a name of a
     * bootstrap node may be looked up. 1 s to 5 min. Default 5 s.
     */
    public NodeBuilder requestTimeout(Duration timeout) {
        this.requestTimeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /** After which time a query has failed that does not say otherwise itself: 1 ms to 1 day. Default 60 s. */
    public NodeBuilder queryDeadline(Duration deadline) {
        this.queryDeadline = Objects.requireNonNull(deadline, "deadline");
        return this;
    }

    /** How ids are made, and which are believed. Default: what the wire needs, else {@link IdPolicy#random}. */
    public NodeBuilder idPolicy(IdPolicy policy) {
        this.idPolicy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Contacts from an earlier life ({@link Dht#contacts}): asked first, and named to others once they answer. To be saved as
     * texts: {@link Contact#toString} writes them, {@link Contact#parse} reads them.
     */
    public NodeBuilder savedContacts(Collection<Contact> contacts) {
        savedContacts = both(savedContacts, contacts);
        return this;
    }

    /**
     * Contacts that the caller vouches for: they count and are named at once, as many as the routing table has room for, and
     * no {@link org.dhtrpc.DhtEvent} tells of them. For simulations, which know; anywhere else they may be long gone.
     *
     * <p>Without bootstrap nodes and saved contacts they are the network: the node has joined from the start, and asks nobody
     * before its upkeep does, which is less than a minute later.
     */
    public NodeBuilder verifiedContacts(Collection<Contact> contacts) {
        verifiedContacts = both(verifiedContacts, contacts);
        return this;
    }

    /** Copies no immutable list that stands alone: a million nodes may start from lists like that. */
    private static List<Contact> both(List<Contact> before, Collection<Contact> added) {
        return before.isEmpty()
                ? List.copyOf(added)
                : Stream.concat(before.stream(), added.stream()).toList();
    }

    /**
     * How many requests an address may make; more are dropped and counted ({@link org.dhtrpc.Rejection#TOO_MANY_REQUESTS}).
     * Default: 100 a second and 500 at once, for public addresses.
     */
    public NodeBuilder requestRate(Rate rate) {
        this.requestRate = Objects.requireNonNull(rate, "rate");
        return this;
    }

    /**
     * How many contacts of one public subnet (/24, /48) the routing table takes. Default: 4 in a bucket and 20 in all. A
     * network whose nodes are meant to share a public subnet needs more: {@link SubnetLimit#UNLIMITED}.
     */
    public NodeBuilder subnetLimit(SubnetLimit limit) {
        this.subnetLimit = Objects.requireNonNull(limit, "limit");
        return this;
    }

    /**
     * Whom the node has to do with at all: an endpoint for which this is false is neither asked nor answered nor listed,
     * whoever names it, and a call for it is an {@link IllegalArgumentException}, or fails as an unknown host if a name has
     * led there. Default: everybody. Must be quick, and a function of its argument;
     * it is called from any thread. What it throws is logged and means false.
     */
    public NodeBuilder addressFilter(Predicate<? super Endpoint> filter) {
        this.addressFilter = Objects.requireNonNull(filter, "filter");
        return this;
    }

    /**
     * What reaches peers behind NATs. A node that has one is listed whether strangers reach it or not, but where ids follow from
     * addresses; unless it knows that they do it pings its k nearest contacts every 15 to 25 s, so that they can help others to
     * reach it ({@link org.dhtrpc.DhtEvent.KeepaliveChanged}). Default: none, but for what the seed's wire has.
     */
    public NodeBuilder holePuncher(HolePuncher puncher) {
        this.holePuncher = Objects.requireNonNull(puncher, "puncher");
        return this;
    }

    /** What turns host names into addresses. Default: the platform. */
    public NodeBuilder resolver(HostResolver resolver) {
        this.resolver = Objects.requireNonNull(resolver, "resolver");
        return this;
    }

    /**
     * All that was set but transport and codec, for a Dagger component to bind.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public NodeOptions options() {
        return new NodeOptions(this);
    }

    /**
     * Starts the node: it opens the transport and begins to join. If this throws, the transport is the caller's to close.
     *
     * @throws IllegalStateException if transport or codec is missing, or the transport is open already
     * @throws IllegalArgumentException if a number is out of its range, or the parts do not go together
     */
    public Dht build() {
        if (transport == null || codec == null) {
            throw new IllegalStateException("A node needs a transport and a codec; missing: "
                    + (codec != null
                            ? "the transport"
                            : transport != null ? "the codec" : "the transport and the codec"));
        }
        return DaggerNodeComponent.builder()
                .transport(transport)
                .codec(codec)
                .options(options())
                .build()
                .dht();
    }
}
