package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;
import org.jspecify.annotations.Nullable;

/**
 * A lookup of our own id, after which the k nearest are told of us: find_node for our own id, with their tokens. Whom they
 * name is looked up and told in turn, at most {@value #MAX_ROUNDS} times, until the k nearest no longer change. An
 * ephemeral node tells nobody.
 */
final class SelfLookup implements LookupOwner {
    static final int MAX_ROUNDS = 8;

    private final Identity self;
    private final int k;
    private final Reach reach;
    private final PendingRequests pending;
    private final BiFunction<LookupOwner, List<Contact>, Lookup> lookups;
    private final BooleanSupplier wanted;
    private final LongConsumer ended;

    /** Who was told of us. */
    private final Set<Endpoint> told = new HashSet<>();

    /** Who was asked and takes no part; others may go on naming them. */
    private final Set<Endpoint> gone = new HashSet<>();

    /** Whom this round has heard of. */
    private List<Named> learnt = new ArrayList<>();

    private @Nullable Lookup lookup;
    private int rounds;
    private int telling;

    /**
     * @param lookups makes a lookup of our own id, from an owner and further candidates
     * @param wanted false once nobody is interested any more
     * @param ended called at the end, with the time, if it is wanted then
     */
    SelfLookup(
            Identity self,
            int k,
            Reach reach,
            PendingRequests pending,
            BiFunction<LookupOwner, List<Contact>, Lookup> lookups,
            BooleanSupplier wanted,
            LongConsumer ended) {
        this.self = self;
        this.k = k;
        this.reach = reach;
        this.pending = pending;
        this.lookups = lookups;
        this.wanted = wanted;
        this.ended = ended;
    }

    /** The contacts that a reply names, as far as they count: at most k, and only those whom we can reach. */
    static List<Contact> named(Effect.Answer answer, int k, Reach reach) {
        List<Contact> contacts = answer.reply().contacts();
        return contacts == null
                ? List.of()
                : contacts.stream()
                        .limit(k)
                        .filter(reach::has)
                        .filter(contact -> Scope.mayName(answer.from(), contact.endpoint()))
                        .toList();
    }

    /** Begins, with these candidates besides those of the table. */
    void begin(long now, List<Contact> further) {
        begin(now, lookups.apply(this, further));
    }

    private void begin(long now, Lookup round) {
        rounds++;
        learnt = new ArrayList<>();
        lookup = round;
        round.advance(now);
    }

    @Override
    public boolean wants() {
        return wanted.getAsBoolean();
    }

    @Override
    public void answered(long now, Candidate candidate, Effect.Answer answer) {}

    @Override
    public void ended(long now) {
        Lookup round = lookup;
        if (round == null || !wants()) {
            return;
        }
        learnt.addAll(known(round.candidates));
        gone.addAll(gone(round.candidates));
        List<Candidate> nearest = self.ephemeral() ? List.of() : round.closest();
        List<Candidate> untold = nearest.stream()
                .filter(candidate -> candidate.token != null && told.add(candidate.reached))
                .toList();
        telling = untold.size();
        untold.forEach(candidate -> tell(now, candidate.reached, candidate.token));
        if (untold.isEmpty()) {
            ended.accept(now);
        }
    }

    private void tell(long now, Endpoint to, @Nullable Bytes token) {
        pending.submit(now, new PendingRequest(to, Command.FIND_NODE, self.id(), token) {
            @Override
            void replied(long later, Effect.Answer answer) {
                named(answer, k, reach).forEach(contact -> learnt.add(new Named(contact, answer.from())));
                told(later);
            }

            @Override
            void failed(long later, DhtException.Reason why) {
                told(later);
            }
        });
    }

    private void told(long now) {
        if (--telling > 0 || !wants()) {
            return;
        }
        if (rounds < MAX_ROUNDS && nearerThanTold()) {
            Lookup next = lookups.apply(this, List.of());
            learnt.forEach(next::add);
            begin(now, next);
        } else {
            ended.accept(now);
        }
    }

    /** Whether somebody was named who belongs to the k nearest and has not been told of us. */
    private boolean nearerThanTold() {
        List<Contact> nearest =
                new ArrayList<>(learnt.stream().map(Named::contact).toList());
        nearest.removeIf(contact -> gone.contains(contact.endpoint()));
        nearest.sort((left, right) -> self.id().compareDistance(left.id(), right.id()));
        return nearest.stream()
                .map(Contact::endpoint)
                .distinct()
                .limit(k)
                .anyMatch(endpoint -> !told.contains(endpoint));
    }

    /**
     * Everyone with an id but those who failed or stand aside, since the silent may be alive yet, and those at the back.
     * Who has answered needs no referrer any more.
     */
    static List<Named> known(Candidates candidates) {
        List<Named> known = new ArrayList<>();
        for (Candidate candidate : candidates.nearest()) {
            switch (candidate.state()) {
                case KNOWN -> {
                    if (!candidate.distrusted()) {
                        known.add(new Named(candidate.contact(), candidate.referrer()));
                    }
                }
                case ASKED, STALLED, SILENT -> known.add(new Named(candidate.contact(), candidate.referrer()));
                case ANSWERED -> known.add(new Named(candidate.contact(), null));
                case ASIDE, FAILED -> {}
            }
        }
        return known;
    }

    /** Those who were asked and take no part, or have not answered. */
    static List<Endpoint> gone(Candidates candidates) {
        List<Endpoint> gone = new ArrayList<>();
        for (Candidate candidate : candidates.nearest()) {
            if (candidate.absent()) {
                gone.add(candidate.endpoint);
            }
        }
        return gone;
    }
}
