package org.dhtrpc.node;

import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.routing.KademliaConfig;
import org.dhtrpc.routing.Standing;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.IdPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link NodeBuilder} was told, apart from transport and codec: for a Dagger component to bind.
 * Made by {@link NodeBuilder#options}.
 */
public final class NodeOptions {
    /** Persistent if nobody has said otherwise; see {@link #config(IdPolicy)}. */
    private final KademliaConfig config;

    private final boolean standingChosen;
    final @Nullable Endpoint publicAddress;
    final @Nullable Key id;
    final @Nullable IdPolicy idPolicy;
    final RandomGenerator random;
    final List<String> bootstrap;
    final List<Contact> savedContacts;
    final List<Contact> verifiedContacts;
    final HostResolver resolver;
    final @Nullable HolePuncher holePuncher;
    final Predicate<? super Endpoint> addressFilter;

    NodeOptions(NodeBuilder builder) {
        Standing standing = builder.standing;
        KademliaConfig chosen = new KademliaConfig(
                builder.k,
                builder.concurrency,
                builder.requestTimeout,
                builder.queryDeadline,
                standing == null ? Standing.PERSISTENT : standing,
                builder.firewalled,
                builder.requestRate,
                builder.subnetLimit);
        // Most nodes have the defaults, and can have the same ones.
        this.config = chosen.equals(KademliaConfig.defaults()) ? KademliaConfig.defaults() : chosen;
        this.standingChosen = standing != null;
        this.publicAddress = builder.publicAddress;
        this.id = builder.id;
        this.idPolicy = builder.idPolicy;
        this.random = builder.random != null ? builder.random : SecureNumbers.SHARED;
        this.bootstrap = List.copyOf(builder.bootstrap);
        this.savedContacts = builder.savedContacts;
        this.verifiedContacts = builder.verifiedContacts;
        this.resolver = builder.resolver;
        this.holePuncher = builder.holePuncher;
        this.addressFilter = builder.addressFilter;
    }

    /** The numbers of a node with this id policy. */
    KademliaConfig config(IdPolicy policy) {
        return standingChosen || !policy.bindsAddress() ? config : config.standing(Standing.ADAPTIVE);
    }

    /** Those that are the same whatever the policy. */
    KademliaConfig config() {
        return config;
    }
}
