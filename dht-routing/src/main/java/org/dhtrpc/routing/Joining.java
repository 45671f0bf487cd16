package org.dhtrpc.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.KnownContact;
import org.dhtrpc.message.Command;
import org.jspecify.annotations.Nullable;

/**
 * Becomes part of the network, and tells the truth about it (flaw F17: the seed is "ready" when its bootstrap node is
 * dead, and never tries again).
 *
 * <ol>
 *   <li>find_node for our own id at each bootstrap node;
 *   <li>the same again with the token of the reply: now it lists us, and names who was listed before us;
 *   <li>a lookup of our own id;
 *   <li>find_node for our own id, with their tokens, at the k nearest, so that they list us; whom they name is looked up
 *       and told in turn, until the k nearest no longer change.
 * </ol>
 *
 * Where there are saved contacts, the third and fourth begin with them at once, and once more with what the bootstrap
 * nodes have named by then. An ephemeral node does the first and the third. A node whose table was filled for it, and that
 * has nobody else to ask, is part of the network as it is. A node that finds nobody alive asks again after
 * {@value #FIRST_RETRY_MS} ms, then ever more seldom, up to every 30 s.
 */
final class Joining extends Deadlines.Entry {
    private static final long FIRST_RETRY_MS = 50;
    private static final long LAST_RETRY = Duration.ofSeconds(30).toNanos();

    private final Identity self;
    private final int k;
    private final Reach reach;
    private final RoutingTable table;
    private final PendingRequests pending;
    private final Deadlines deadlines;
    private final Outbox outbox;
    private final BiFunction<LookupOwner, List<Contact>, Lookup> lookups;
    private final Reachability reachability;
    private final Settled settled;

    private DhtState state = DhtState.JOINING;
    private boolean configured;
    private long retry;
    private List<Endpoint> bootstrap = List.of();
    private List<Contact> saved = List.of();
    private @Nullable Attempt attempt;

    /** Whoever wants to know that an attempt has found somebody. */
    @FunctionalInterface
    interface Settled {
        /**
         * It has.
         *
         * @param searched false if the table was filled for us, and nobody was asked
         */
        void settled(long now, boolean searched);
    }

    /** @param lookups makes a lookup of our own id, from an owner and further candidates */
    Joining(
            Identity self,
            KademliaConfig config,
            Reach reach,
            RoutingTable table,
            PendingRequests pending,
            Deadlines deadlines,
            Outbox outbox,
            BiFunction<LookupOwner, List<Contact>, Lookup> lookups,
            Reachability reachability,
            Settled settled) {
        this.self = self;
        this.k = config.k();
        this.reach = reach;
        this.table = table;
        this.pending = pending;
        this.deadlines = deadlines;
        this.outbox = outbox;
        this.lookups = lookups;
        this.reachability = reachability;
        this.settled = settled;
    }

    DhtState state() {
        return state;
    }

    /** Candidates from an earlier life; asked before they count. */
    void saved(List<Contact> contacts) {
        saved = contacts;
    }

    List<Endpoint> bootstrap() {
        return bootstrap;
    }

    /** Where the bootstrap nodes are, and why some could not be found; begins an attempt to join. */
    void begin(long now, List<Endpoint> endpoints, List<DhtException> unknown) {
        if (attempt != null || state == DhtState.CLOSED || state == DhtState.SUSPENDED) {
            return;
        }
        deadlines.cancel(this);
        bootstrap = endpoints.stream().filter(reach::has).toList();
        List<DhtException> causes = new ArrayList<>(unknown);
        for (Endpoint endpoint : endpoints) {
            if (!self.at(endpoint) && !reach.has(endpoint)) {
                causes.add(reach.failure(endpoint));
            }
        }
        configured = !bootstrap.isEmpty() || !causes.isEmpty();
        if (!configured && saved.isEmpty() && table.live() > 0) {
            finish(now, DhtState.JOINED, List.of(), false);
            return;
        }
        Attempt next = new Attempt(now, bootstrap.size(), causes);
        attempt = next;
        next.begin(now);
    }

    /** All contacts are gone: joins again, unless that is under way or there is nobody to ask. */
    void lost(long now) {
        if (attempt != null || state != DhtState.JOINED || !(configured || !saved.isEmpty())) {
            return;
        }
        if (configured) {
            become(DhtState.JOINING);
        }
        retry = 0;
        scheduleRetry(now);
    }

    private void become(DhtState next) {
        if (next != state) {
            state = next;
            if (next == DhtState.JOINING) {
                outbox.add(new Effect.Joined(next, List.of()));
            }
            outbox.publish(new DhtEvent.StateChanged(next));
        }
    }

    private void finish(long now, DhtState outcome, List<DhtException> causes, boolean searched) {
        attempt = null;
        outbox.add(new Effect.Joined(outcome, causes));
        become(outcome);
        if (outcome == DhtState.JOINED) {
            retry = 0;
            settled.settled(now, searched);
        } else {
            scheduleRetry(now);
        }
    }

    private void scheduleRetry(long now) {
        retry = retry == 0 ? Duration.ofMillis(FIRST_RETRY_MS).toNanos() : Math.min(LAST_RETRY, 2 * retry);
        deadlines.set(this, now + retry);
    }

    /** Time for the next attempt; it begins when we are told where the bootstrap nodes are now. */
    @Override
    void expire(long now) {
        outbox.add(new Effect.Locate());
    }

    /**
     * We were away, and have to find out who is still there: joins again, beginning with whom we know. They keep their
     * places: it may be that only our own network is not back yet.
     */
    void again(long now) {
        if (attempt != null) {
            return;
        }
        if (table.size() > 0) {
            saved = table.export(now).stream().map(KnownContact::contact).toList();
        }
        retry = 0;
        deadlines.cancel(this);
        become(DhtState.JOINING);
        outbox.add(new Effect.Locate());
    }

    /** Others are to hear of us: we are known by an id that is new, or that was kept from them until now. */
    void introduce(long now) {
        BooleanSupplier wanted = () -> attempt == null && state == DhtState.JOINED;
        if (wanted.getAsBoolean()) {
            selfLookup(wanted, later -> settled.settled(later, true)).begin(now, List.of());
        }
    }

    private SelfLookup selfLookup(BooleanSupplier wanted, LongConsumer ended) {
        return new SelfLookup(self, k, reach, pending, lookups, wanted, ended);
    }

    /** Ends the attempt that is under way; there is no other until {@link #again}. */
    void end(DhtState next) {
        attempt = null;
        outbox.add(new Effect.Joined(next, List.of()));
        become(next);
    }

    /** One go at all of it. Replies to an earlier one teach the table, but not this. */
    private final class Attempt {
        private final List<Contact> named = new ArrayList<>(saved);
        private final List<DhtException> causes;
        private final long started;
        private int asking;
        private boolean answered;
        private boolean searching;

        /** The last search, with whatever the bootstrap nodes have named by then. */
        private boolean last;

        Attempt(long started, int asking, List<DhtException> causes) {
            this.started = started;
            this.asking = asking;
            this.causes = causes;
        }

        void begin(long now) {
            if (bootstrap.isEmpty() || !saved.isEmpty()) {
                search(now);
            }
            for (Endpoint endpoint : bootstrap) {
                ask(now, endpoint, null);
            }
        }

        private void ask(long now, Endpoint endpoint, @Nullable Bytes token) {
            pending.submit(now, new PendingRequest(endpoint, Command.FIND_NODE, self.id(), token) {
                @Override
                void replied(long later, Effect.Answer answer) {
                    answered = true;
                    named.addAll(SelfLookup.named(answer, k, reach));
                    Bytes fresh = answer.reply().token();
                    if (token == null && fresh != null && !self.ephemeral()) {
                        ask(later, endpoint, fresh);
                    } else {
                        done(later);
                    }
                }

                @Override
                void failed(long later, Reason why) {
                    causes.add(failure(later, why));
                    done(later);
                }

                @Override
                void returned(long later) {
                    pending.cancel(later, this);
                    forget(endpoint);
                    done(later);
                }
            });
        }

        /** A bootstrap node is ourselves, at an address that we did not know to be ours; that is nobody to ask. */
        private void forget(Endpoint ourselves) {
            if (attempt != this) {
                return;
            }
            bootstrap = bootstrap.stream()
                    .filter(endpoint -> !endpoint.equals(ourselves))
                    .toList();
            configured = !bootstrap.isEmpty() || !causes.isEmpty();
        }

        private void done(long now) {
            asking--;
            if (heard()) {
                search(now);
            }
        }

        /** One answer is enough to go on; the other bootstrap nodes may take their time. */
        private boolean heard() {
            return answered || asking == 0;
        }

        private void search(long now) {
            if (searching || last || attempt != this) {
                return;
            }
            searching = true;
            last = heard();
            selfLookup(() -> attempt == this, this::searched).begin(now, named);
        }

        private void searched(long now) {
            searching = false;
            if (!last && heard()) {
                search(now);
            } else if (last || table.heardSince(started)) {
                end(now);
            }
        }

        private void end(long now) {
            if (attempt != this) {
                return;
            }
            if ((joined() || answered) && reachability.decidesAtOnce()) {
                reachability.decide(now, this::decided);
            } else {
                conclude(now);
            }
        }

        private boolean joined() {
            return table.heardSince(started) || !configured;
        }

        /** It is known now whether we can be listed. If so all of it once more: nobody has heard of us yet. */
        private void decided(long now) {
            if (attempt != this) {
                return;
            }
            if (self.ephemeral()) {
                conclude(now);
            } else {
                attempt = new Attempt(now, bootstrap.size(), causes);
                attempt.begin(now);
            }
        }

        private void conclude(long now) {
            if (joined()) {
                finish(now, DhtState.JOINED, List.of(), true);
            } else if (answered) {
                finish(now, DhtState.ALONE, List.of(), true);
            } else {
                finish(now, DhtState.UNREACHABLE, List.copyOf(causes), true);
            }
        }
    }
}
