package org.dhtrpc.routing;

import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;

/**
 * Pings contacts to see whether they are there: senders of requests that could become contacts, and contacts that have
 * been silent. The table learns from the reply, or from its absence.
 *
 * <p>Strangers at most {@link KademliaConfig#MAX_PING_BACKS} at once, one per address: a stranger can forge the source of
 * a request, and must not be able to make us ping the world (flaw F5 is the other extreme: the seed believes the source).
 * A stranger that has gone silent makes room for the next one, and may still answer. Contacts are as many as the table has, and
 * strangers do not take their turn.
 *
 * <p>A stranger who looks for its own id is joining, and is about to tell us of itself with a token. It is pinged only if it
 * has not done so a while later; as many again may be waiting for that.
 */
final class PingBacks {
    /** How long those who join have to tell us of themselves: a lookup, with a few who do not answer. */
    private static final long JOINING = Duration.ofSeconds(3).toNanos();

    private final PendingRequests pending;
    private final Padding padding;
    private final Deadlines deadlines;
    private final Predicate<Contact> wanted;
    private Set<Endpoint> underWay = Collections.emptySet();
    private int strangers;

    /** Who has time to tell us of itself. */
    private Set<Endpoint> joining = Collections.emptySet();

    /** @param wanted whether the table has a place for a newcomer */
    PingBacks(PendingRequests pending, Padding padding, Deadlines deadlines, Predicate<Contact> wanted) {
        this.pending = pending;
        this.padding = padding;
        this.deadlines = deadlines;
        this.wanted = wanted;
    }

    /**
     * Pings a stranger once; a lost ping is not worth a repeat to somebody who may not want it.
     *
     * @param allowance how many bytes may be sent to it
     * @return how many of them this takes
     */
    int stranger(long now, Contact contact, int allowance) {
        if (!wants(contact)) {
            return 0;
        }
        int bytes = padding.pingSize(contact.endpoint());
        return bytes <= allowance && ping(now, contact, later -> {}) ? bytes : 0;
    }

    /** The same where there is no allowance, and whoever asks wants to know when it is over; false if it is not pinged. */
    boolean stranger(long now, Contact contact, LongConsumer over) {
        return wants(contact) && ping(now, contact, over);
    }

    /** Whether the table has a place for it. */
    boolean wants(Contact stranger) {
        return wanted.test(stranger);
    }

    /** Whether no further stranger is pinged now. */
    boolean full() {
        return strangers >= KademliaConfig.MAX_PING_BACKS;
    }

    private boolean ping(long now, Contact stranger, LongConsumer over) {
        if (full() || !begin(stranger.endpoint())) {
            return false;
        }
        strangers++;
        pending.submit(now, new Ping(stranger, true, later -> {}, over));
        return true;
    }

    /**
     * Pings a stranger who is joining once, later, if it is wanted then.
     *
     * @param allowance how many bytes may be sent to it
     * @return how many of them this takes
     */
    int joiner(long now, Contact contact, int allowance) {
        if (joining.size() >= KademliaConfig.MAX_PING_BACKS || !wants(contact)) {
            return 0;
        }
        int bytes = padding.pingSize(contact.endpoint());
        if (bytes > allowance) {
            return 0;
        }
        if (joining.isEmpty()) {
            joining = new HashSet<>();
        }
        if (!joining.add(contact.endpoint())) {
            return 0;
        }
        deadlines.set(new Joiner(contact), now + JOINING);
        return bytes;
    }

    /** Pings a contact of ours, with repeats. */
    void contact(long now, Contact contact) {
        contact(now, contact, later -> {});
    }

    /** Pings a contact of ours, with repeats, and tells when that is over. */
    void check(long now, Contact contact, LongConsumer over) {
        if (begin(contact.endpoint())) {
            pending.submit(now, new Ping(contact, false, later -> {}, over));
        } else {
            over.accept(now);
        }
    }

    /** Pings a contact of ours, with repeats, and tells at what time it is certain that it does not answer. */
    void contact(long now, Contact contact, LongConsumer gone) {
        if (begin(contact.endpoint())) {
            pending.submit(now, new Ping(contact, false, gone, later -> {}));
        }
    }

    /** False if one is under way there. */
    private boolean begin(Endpoint to) {
        if (underWay.isEmpty()) {
            underWay = new HashSet<>();
        }
        return underWay.add(to);
    }

    /** Forgets what is under way, as {@link PendingRequests#close} does. */
    void close() {
        underWay.clear();
        strangers = 0;
        joining = Collections.emptySet();
    }

    int size() {
        return underWay.size();
    }

    int strangers() {
        return strangers;
    }

    int joiners() {
        return joining.size();
    }

    boolean underWay(Contact contact) {
        return underWay.contains(contact.endpoint());
    }

    /** The time of one of them is over. */
    private final class Joiner extends Deadlines.Entry {
        private final Contact contact;

        Joiner(Contact contact) {
            this.contact = contact;
        }

        @Override
        void expire(long now) {
            joining.remove(contact.endpoint());
            if (joining.isEmpty()) {
                joining = Collections.emptySet();
            }
            if (wants(contact)) {
                ping(now, contact, later -> {});
            }
        }
    }

    private final class Ping extends PendingRequest {
        private final Contact contact;
        private final boolean stranger;
        private final LongConsumer gone;
        private final LongConsumer ended;
        private boolean over;

        Ping(Contact contact, boolean stranger, LongConsumer gone, LongConsumer ended) {
            super(contact.endpoint(), Command.PING, null, null);
            this.contact = contact;
            this.stranger = stranger;
            this.gone = gone;
            this.ended = ended;
        }

        @Override
        Contact contact() {
            return contact;
        }

        @Override
        int maxSends() {
            return stranger ? 1 : KademliaConfig.MAX_SENDS;
        }

        /** Nothing follows the ping of a contact that could tell more. */
        @Override
        boolean conclusive() {
            return !stranger;
        }

        @Override
        void silent(long now) {
            if (stranger) {
                over(now);
            }
        }

        @Override
        void replied(long now, Effect.Answer answer) {
            over(now);
        }

        @Override
        void failed(long now, DhtException.Reason why) {
            over(now);
            if (sends > 0) {
                gone.accept(now);
            }
        }

        private void over(long now) {
            if (!over) {
                over = true;
                underWay.remove(to);
                if (underWay.isEmpty()) {
                    underWay = Collections.emptySet();
                }
                strangers -= stranger ? 1 : 0;
                ended.accept(now);
            }
        }
    }
}
