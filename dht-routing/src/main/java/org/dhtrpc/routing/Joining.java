package org.dhtrpc.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
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
 * An ephemeral node does the first and the third. A node that finds nobody alive asks again after {@value #FIRST_RETRY_MS}
 * ms, then ever more seldom, up to every 30 s.
 */
final class Joining extends Deadlines.Entry {
    private static final long FIRST_RETRY_MS = 50;
    private static final long LAST_RETRY = Duration.ofSeconds(30).toNanos();
    private static final int MAX_ROUNDS = 8;

    private final Identity self;
    private final int k;
    private final RoutingTable table;
    private final PendingRequests pending;
    private final Deadlines deadlines;
    private final Outbox outbox;
    private final BiFunction<Lookup.Owner, List<Contact>, Lookup> lookups;
    private final Runnable settled;

    private DhtState state = DhtState.JOINING;
    private boolean configured;
    private boolean attempting;
    private boolean answered;
    private boolean searching;
    private int asking;
    private long retry;
    private List<Endpoint> bootstrap = List.of();
    private List<Contact> saved = List.of();
    private final List<Contact> named = new ArrayList<>();
    private final List<DhtException> causes = new ArrayList<>();

    /**
     * @param lookups makes a lookup of our own id, from an owner and further candidates
     * @param settled called when an attempt has found somebody
     */
    Joining(
            Identity self,
            KademliaConfig config,
            RoutingTable table,
            PendingRequests pending,
            Deadlines deadlines,
            Outbox outbox,
            BiFunction<Lookup.Owner, List<Contact>, Lookup> lookups,
            Runnable settled) {
        this.self = self;
        this.k = config.k();
        this.table = table;
        this.pending = pending;
        this.deadlines = deadlines;
        this.outbox = outbox;
        this.lookups = lookups;
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
        if (attempting || state == DhtState.CLOSED) {
            return;
        }
        deadlines.cancel(this);
        bootstrap = endpoints;
        configured = !endpoints.isEmpty() || !unknown.isEmpty();
        attempting = true;
        answered = false;
        searching = false;
        named.clear();
        named.addAll(saved);
        causes.clear();
        causes.addAll(unknown);
        asking = endpoints.size();
        for (Endpoint endpoint : endpoints) {
            ask(now, endpoint, null);
        }
        if (endpoints.isEmpty()) {
            bootstrapDone(now);
        }
    }

    /** All contacts are gone: joins again, unless that is under way or there is nobody to ask. */
    void lost(long now) {
        if (configured && !attempting && state == DhtState.JOINED) {
            retry = 0;
            scheduleRetry(now);
        }
    }

    private void ask(long now, Endpoint endpoint, @Nullable Bytes token) {
        pending.submit(now, new PendingRequest(endpoint, Command.FIND_NODE, self.id(), token) {
            @Override
            void replied(long later, Effect.Answer answer) {
                answered = true;
                List<Contact> contacts = answer.reply().contacts();
                if (contacts != null) {
                    named.addAll(contacts.subList(0, Math.min(k, contacts.size())));
                }
                Bytes fresh = answer.reply().token();
                if (token == null && fresh != null && !self.ephemeral()) {
                    ask(later, endpoint, fresh);
                } else {
                    bootstrapDone(later);
                }
            }

            @Override
            void failed(long later, DhtException.Reason why) {
                causes.add(failure(later, why));
                bootstrapDone(later);
            }
        });
    }

    /** One answer is enough to go on; the other bootstrap nodes may take their time. */
    private void bootstrapDone(long now) {
        asking--;
        if (searching || (!answered && asking > 0) || !attempting) {
            return;
        }
        searching = true;
        if (configured && !answered && named.isEmpty()) {
            finish(now, DhtState.UNREACHABLE);
        } else {
            new Round(MAX_ROUNDS, new HashSet<>()).search(now, named);
        }
    }

    private void finish(long now, DhtState outcome) {
        attempting = false;
        boolean changed = outcome != state;
        state = outcome;
        outbox.add(new Effect.Joined(outcome, outcome == DhtState.UNREACHABLE ? List.copyOf(causes) : List.of()));
        if (changed) {
            outbox.publish(new DhtEvent.StateChanged(outcome));
        }
        if (outcome == DhtState.JOINED) {
            retry = 0;
            settled.run();
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

    void close() {
        deadlines.cancel(this);
        state = DhtState.CLOSED;
    }

    /** One lookup of our own id, and telling those it found. */
    private final class Round implements Lookup.Owner {
        private final int roundsLeft;
        private final Set<Endpoint> told;
        private final List<Contact> learnt = new ArrayList<>();
        private @Nullable Lookup lookup;
        private int telling;

        Round(int roundsLeft, Set<Endpoint> told) {
            this.roundsLeft = roundsLeft;
            this.told = told;
        }

        void search(long now, List<Contact> further) {
            Lookup search = lookups.apply(this, further);
            lookup = search;
            search.advance(now);
        }

        @Override
        public boolean wants() {
            return state != DhtState.CLOSED;
        }

        @Override
        public void answered(long now, Candidate candidate, Effect.Answer answer) {}

        @Override
        public void ended(long now) {
            Lookup search = lookup;
            if (search == null || state == DhtState.CLOSED) {
                return;
            }
            learnt.addAll(search.known());
            if (!self.ephemeral()) {
                for (Candidate candidate : search.closest()) {
                    if (candidate.token != null && told.add(candidate.reached)) {
                        tell(now, candidate.reached, candidate.token);
                    }
                }
            }
            if (telling == 0) {
                done(now);
            }
        }

        private void tell(long now, Endpoint to, Bytes token) {
            telling++;
            pending.submit(now, new PendingRequest(to, Command.FIND_NODE, self.id(), token) {
                @Override
                void replied(long later, Effect.Answer answer) {
                    List<Contact> contacts = answer.reply().contacts();
                    if (contacts != null) {
                        learnt.addAll(contacts.subList(0, Math.min(k, contacts.size())));
                    }
                    told(later);
                }

                @Override
                void failed(long later, DhtException.Reason why) {
                    told(later);
                }
            });
        }

        private void told(long now) {
            if (--telling > 0) {
                return;
            }
            if (roundsLeft > 1 && nearerThanTold()) {
                new Round(roundsLeft - 1, told).search(now, learnt);
            } else {
                done(now);
            }
        }

        /** Whether somebody was named who belongs to the k nearest and has not been told of us. */
        private boolean nearerThanTold() {
            List<Contact> nearest = new ArrayList<>(learnt);
            nearest.removeIf(self::is);
            nearest.sort((left, right) -> self.id().compareDistance(left.id(), right.id()));
            return nearest.stream()
                    .map(Contact::endpoint)
                    .distinct()
                    .limit(k)
                    .anyMatch(endpoint -> !told.contains(endpoint));
        }

        private void done(long now) {
            if (table.live() > 0 || !configured) {
                finish(now, DhtState.JOINED);
            } else {
                finish(now, answered ? DhtState.ALONE : DhtState.UNREACHABLE);
            }
        }
    }
}
