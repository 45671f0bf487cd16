package org.dhtrpc.routing;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/**
 * At which address others see us, and whether they reach us there. A node that wants to be listed, and may not be before it
 * knows that, becomes persistent by it.
 *
 * <p>The address is what most say ({@link Votes}); whether it is open, a {@link FirewallCheck} finds out, unless the node was
 * told that it is. What fails is tried again later; at once, if all that was missing is somebody to say how they see us.
 *
 * <p>Where there is a hole puncher strangers need not reach us: we are listed all the same, and {@link Exposure} has the rest.
 * Not where ids follow from addresses, since a NAT may have another one for each who sees us, and so we would have many ids.
 */
final class Reachability extends Deadlines.Entry {
    /** An adaptive node has been up for so long before it is listed: most nodes that last so long last longer. */
    static final Duration FIRST_ADAPTIVE = Duration.ofMinutes(20);

    static final Duration NEXT_ADAPTIVE = Duration.ofMinutes(60);
    private static final long FIRST_RETRY = Duration.ofMinutes(1).toNanos();

    /** Votes without which nobody believes that our address has changed. */
    private static final int VOTES_FOR_A_MOVE = 4;

    private final Identity self;
    private final KademliaConfig config;
    private final boolean idFollowsAddress;
    private final RoutingTable table;
    private final PendingRequests pending;
    private final Deadlines deadlines;
    private final Outbox outbox;
    private final Supplier<List<Endpoint>> bootstrap;
    private final Votes votes = new Votes();

    /** Where we are reached, because somebody said so who must know; nobody's vote counts against it. */
    private final @Nullable Endpoint told;

    private final LongConsumer introduction;

    /** Null where it does not matter, since there is no hole puncher or we are not listed unless strangers reach us. */
    final @Nullable Exposure exposure;

    /** Whoever waits for the outcome; null if nothing is under way. */
    private @Nullable LongConsumer next;

    /** The address for which we want an id; null if we want none. */
    private @Nullable Endpoint identifying;

    private boolean sibling;

    private boolean lacksVotes;
    private long retry;

    /** @param introduction told when others should hear of us, at the end of a check that the node did not wait for */
    Reachability(
            Identity self,
            KademliaConfig config,
            Surroundings surroundings,
            RoutingTable table,
            PendingRequests pending,
            Deadlines deadlines,
            Outbox outbox,
            Supplier<List<Endpoint>> bootstrap,
            LongConsumer introduction,
            @Nullable Exposure exposure) {
        this.self = self;
        this.config = config;
        this.idFollowsAddress = surroundings.idPolicy().bindsAddress();
        this.told = surroundings.publicAddress();
        this.table = table;
        this.pending = pending;
        this.deadlines = deadlines;
        this.outbox = outbox;
        this.bootstrap = bootstrap;
        this.introduction = introduction;
        this.exposure = exposure;
    }

    /** Whether there will be a check, for which another socket is needed. */
    boolean wantsSibling() {
        return (exposure != null && exposure.checkable()) || asksBySibling();
    }

    private boolean asksBySibling() {
        return config.firewalled() && undecided();
    }

    /** Whether we want to be listed and are not. */
    private boolean undecided() {
        return config.standing() != Standing.EPHEMERAL && self.ephemeral();
    }

    /** Where others see us, without the port while it is the sibling's that they see. */
    @Nullable
    Endpoint address() {
        Endpoint verdict = votes.verdict();
        if (told != null || verdict == null || verdict.port() == 0 || !self.asksFromSibling) {
            return told != null ? told : verdict;
        }
        return Endpoint.of(verdict.address(), 0);
    }

    /** Somebody who has answered says how it sees us; from which socket we had asked is known. */
    void seen(long now, Endpoint from, @Nullable Endpoint us, boolean bySibling) {
        if (us == null || told != null || bySibling != self.asksFromSibling || !isAddress(us)) {
            return;
        }
        if (votes.add(from, us)) {
            outbox.publish(new DhtEvent.AddressChanged(address()));
            if (exposure != null && !bySibling) {
                exposure.seen(now, votes.verdict());
            }
        }
        Endpoint verdict = votes.verdict();
        if (verdict == null) {
            return;
        }
        if (lacksVotes && undecided() && !(config.firewalled() && witnesses().isEmpty())) {
            lacksVotes = false;
            deadlines.set(this, now);
        } else if (moved(verdict)) {
            identify(now, verdict);
        }
    }

    private static boolean isAddress(Endpoint seen) {
        return seen.port() != 0 && Scope.of(seen) != Scope.NOBODY;
    }

    private boolean moved(Endpoint verdict) {
        return idFollowsAddress
                && !self.ephemeral()
                && next == null
                && verdict.port() != 0
                && !verdict.equals(self.address())
                && votes.count() >= VOTES_FOR_A_MOVE;
    }

    /** The node has joined. Whether it shall be listed is decided now, or when the time has come. */
    void joined(long now) {
        if (exposure != null && !self.ephemeral()) {
            exposure.begin(now);
        }
        if (undecided() && next == null && !waiting()) {
            boolean adaptive = config.standing() == Standing.ADAPTIVE;
            deadlines.set(this, adaptive ? now + Math.max(FIRST_ADAPTIVE.toNanos(), retry) : now);
        }
    }

    /** Whether {@link #decide} has something to do as soon as somebody was found. */
    boolean decidesAtOnce() {
        return config.standing() == Standing.PERSISTENT && undecided() && next == null && !waiting();
    }

    /** Finds out whether we can be listed, and then goes on, whatever the outcome. */
    void decide(long now, LongConsumer then) {
        deadlines.cancel(this);
        next = then;
        Endpoint verdict = votes.verdict();
        if (verdict == null) {
            lacksVotes = true;
            fail(now, "it is not known at which address others see this node");
        } else if (!config.firewalled()) {
            conclude(now, verdict.port() == 0 ? null : verdict, "others do not agree at which port they see this node");
        } else if (!self.asksFromSibling) {
            unreached(now, "whether it is reached from outside cannot be checked: the transport has no second socket");
        } else {
            check(now, verdict);
        }
    }

    /** Who could say whether we are reached from outside. */
    private List<Endpoint> witnesses() {
        Set<Endpoint> nodes = new LinkedHashSet<>();
        table.latest(FirewallCheck.ASKED).forEach(contact -> nodes.add(contact.endpoint()));
        nodes.addAll(bootstrap.get());
        return nodes.stream().limit(FirewallCheck.ASKED).toList();
    }

    private void check(long now, Endpoint verdict) {
        List<Endpoint> nodes = witnesses();
        if (nodes.isEmpty()) {
            lacksVotes = true;
            fail(now, "nobody is known who could say whether it is reached from outside");
            return;
        }
        FirewallCheck check = new FirewallCheck(self.endpoint().port(), all -> true);
        check.begin(
                now,
                nodes,
                pending,
                (reached, later) -> conclude(
                        later,
                        reached != null && Votes.sameHost(reached, verdict) ? reached : null,
                        "it is not reached from outside at the port that it is bound to"));
    }

    private void conclude(long now, @Nullable Endpoint reached, String otherwise) {
        if (next == null) {
            return;
        }
        if (reached == null) {
            unreached(now, otherwise);
        } else {
            identify(now, reached);
        }
    }

    /** Strangers do not reach us, as far as is known; that is all that stands against us. */
    private void unreached(long now, String why) {
        Endpoint verdict = votes.verdict();
        if (exposure == null || verdict == null) {
            fail(now, why);
        } else {
            exposure.hidden(now, why);
            become(now, self.id(), Endpoint.of(verdict.address(), 0));
        }
    }

    private void identify(long now, Endpoint reached) {
        if (!idFollowsAddress) {
            if (exposure != null) {
                exposure.opened();
            }
            become(now, self.id(), reached);
        } else if (!reached.equals(identifying)) {
            identifying = reached;
            outbox.add(new Effect.Identify(reached));
        }
    }

    /** The id that belongs to an address; of no use any more if that is not the one that we had asked for last. */
    void identified(long now, @Nullable Key id, Endpoint address) {
        if (!address.equals(identifying)) {
            return;
        }
        identifying = null;
        if (id != null) {
            become(now, id, address);
        } else if (self.ephemeral()) {
            fail(now, "no id could be made for " + address);
        }
    }

    /** We are persistent, with this id, at this address. */
    private void become(long now, Key id, Endpoint reached) {
        if (self.asksFromSibling) {
            votes.clear(reached);
        }
        self.become(id, reached);
        table.rearrange(id);
        retry = 0;
        outbox.publish(new DhtEvent.BecamePersistent(id, reached));
        if (exposure != null) {
            exposure.begin(now);
        }
        goOn(now, introduction);
    }

    private void fail(long now, String why) {
        long first = config.standing() == Standing.ADAPTIVE ? NEXT_ADAPTIVE.toNanos() : FIRST_RETRY;
        retry = retry == 0 ? first : Math.min(NEXT_ADAPTIVE.toNanos(), 2 * retry);
        deadlines.set(this, now + retry);
        outbox.publish(new DhtEvent.StaysEphemeral(why));
        goOn(now, later -> {});
    }

    private void goOn(long now, LongConsumer otherwise) {
        LongConsumer waiting = next == null ? otherwise : next;
        next = null;
        waiting.accept(now);
    }

    @Override
    void expire(long now) {
        if (undecided() && next == null) {
            decide(now, later -> {
                if (!self.ephemeral()) {
                    introduction.accept(later);
                }
            });
        }
    }

    /** There is a sibling socket: what we ask leaves from there, until the main one has been checked. */
    void sibling(long now) {
        sibling = true;
        self.asksFromSibling = asksBySibling();
        if (exposure != null) {
            exposure.sibling(now);
        }
    }

    /** We were away, perhaps to somewhere else: what was said before says nothing about now. */
    void awake(long now) {
        votes.clear();
        deadlines.cancel(this);
        retry = 0;
        if (config.standing() == Standing.ADAPTIVE && told == null) {
            // A check that came due meanwhile, and has begun just now, comes too early.
            rest();
            retry = NEXT_ADAPTIVE.toNanos();
            becomeEphemeral();
        }
        // After that: who is ephemeral keeps nothing open.
        if (exposure != null) {
            exposure.again(now);
        }
    }

    private void becomeEphemeral() {
        if (self.ephemeral()) {
            return;
        }
        self.becomeEphemeral();
        if (exposure != null) {
            exposure.rest("the node is ephemeral");
        }
        self.asksFromSibling = sibling && config.firewalled();
        outbox.publish(new DhtEvent.BecameEphemeral());
    }

    /** Nobody waits any more. */
    void rest() {
        next = null;
        identifying = null;
    }

    /** Nothing goes on; timers are gone already. */
    void close() {
        rest();
        if (exposure != null) {
            exposure.rest("the node has fallen silent");
        }
    }
}
