package org.dhtrpc.routing;

import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/** What {@link Kademlia} is made of, put together. Each part knows those that it works with, and none knows the whole. */
final class Parts {
    private final KademliaConfig config;
    final Identity self;
    final Reach reach;

    final Outbox outbox;
    final Counters counters = new Counters();
    final Deadlines deadlines = new Deadlines();
    final RoutingTable table;
    final PendingRequests pending;
    final Responder responder;
    final Pulse pulse;
    final PingBacks pings;
    final DownHints hints;
    final BuiltIns builtIns;
    final Introductions introductions;
    final Reachability reachability;
    final HolePunches punches;
    final Joining joining;
    final Seeds seeds;
    final Upkeep upkeep;
    final @Nullable Relays relays;
    final Inbound inbound;

    /** @param unanswered told of each request that nobody has answered */
    Parts(long now, KademliaConfig config, Surroundings surroundings, PendingRequests.Failures unanswered) {
        this.config = config;
        this.self = new Identity(
                surroundings.id(),
                surroundings.endpoint(),
                surroundings.publicAddress(),
                config.beginsEphemeral(surroundings));
        this.reach = new Reach(self, surroundings.reachable(), surroundings.filter());
        Called called = config.needsNoStrangers(surroundings) ? new Called(now) : null;
        outbox = called == null ? new Outbox() : called;
        RandomGenerator random = surroundings.random();
        Wire wire = surroundings.wire();
        Tokens tokens = new Tokens(wire.tokenBytes(), random);
        table = new RoutingTable(self.id(), config.k(), config.subnetLimit(), now, outbox::publish);
        pulse = new Pulse(outbox::publish);
        Padding padding = new Padding(
                wire, surroundings.size(), config.k(), !self.endpoint().isIPv4());
        pending = new PendingRequests(
                self, config, wire, padding, deadlines, random, outbox, counters, pulse, unanswered);
        pings = new PingBacks(pending, padding, deadlines, table::wants);
        hints = new DownHints(wire, table, pings, pending, counters);
        Replies replies = new Replies(self, config.k(), wire, surroundings.size(), table, tokens, outbox, counters);
        builtIns = new BuiltIns(replies, hints, reach, deadlines, wire);
        responder = new Responder(self, config, replies, builtIns, reach, deadlines, outbox, counters);
        introductions = new Introductions(pings, deadlines, responder::receive);
        reachability = new Reachability(
                self,
                config,
                surroundings,
                table,
                pending,
                deadlines,
                outbox,
                this::bootstrapNodes,
                this::introduce,
                called == null ? null : exposure(called, random, wire));
        punches = new HolePunches(surroundings.punching() || wire.relays(), deadlines, outbox);
        joining = new Joining(
                self, config, reach, table, pending, deadlines, outbox, this::lookupOfSelf, reachability, this::joined);
        seeds = new Seeds(table, config.k(), reach, joining::bootstrap);
        upkeep = new Upkeep(self, table, pings, joining, responder, deadlines, random, this::lookup);
        relays = wire.relays() ? new Relays(self, reach, table, replies, outbox) : null;
        inbound = new Inbound(
                self,
                config,
                surroundings.idPolicy(),
                reach,
                tokens,
                table,
                pings,
                pending,
                responder,
                replies,
                reachability,
                outbox,
                counters,
                introductions,
                relays,
                wire);
    }

    private Exposure exposure(Called called, RandomGenerator random, Wire wire) {
        Keepalive keepalive = new Keepalive(self, config.k(), table, pings, deadlines, random);
        boolean checkable = wire.commands().test(Command.PING_NAT);
        return new Exposure(self, reach, called, pending, deadlines, keepalive, checkable);
    }

    private List<Endpoint> bootstrapNodes() {
        return joining.bootstrap();
    }

    private void introduce(long now) {
        joining.introduce(now);
    }

    private void joined(long now, boolean searched) {
        upkeep.begin(now, searched);
        reachability.joined(now);
    }

    private Lookup lookupOfSelf(LookupOwner owner, List<Contact> further) {
        Lookup lookup = seeds.findNode(self.id(), config.concurrency(), pending, owner);
        further.forEach(lookup::add);
        return lookup;
    }

    private Lookup lookup(Key target, int concurrency, LookupOwner owner) {
        return seeds.findNode(target, concurrency, pending, owner);
    }

    QueryOperation operation(Operations operations, Query query, boolean commits) {
        return new QueryOperation(
                operations.nextId(),
                query,
                commits,
                config,
                seeds,
                punches,
                pending,
                deadlines,
                outbox,
                operations::done);
    }

    /** How much they hold of what peers can make them hold. */
    Gauges gauges() {
        Exposure exposure = reachability.exposure;
        return new Gauges(
                responder.remembered(),
                pings.size(),
                pings.strangers(),
                pings.joiners(),
                punches.size(),
                inbound.rated(),
                builtIns.delayed(),
                introductions.size(),
                exposure == null ? 0 : exposure.kept(),
                exposure == null ? 0 : exposure.noted(),
                relays == null ? 0 : relays.size());
    }
}
