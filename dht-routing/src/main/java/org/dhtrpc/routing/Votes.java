package org.dhtrpc.routing;

import java.util.Arrays;
import java.util.Objects;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The address at which others see us, by their majority. Who answers us says how it sees us; each network (/24 of IPv4, /48
 * of IPv6; each endpoint where networks are local) has one vote, the last {@value #MOST} count, and up to three of sixteen
 * may lie: as many as the sampler of npm dht-rpc forgives. Only what answers a request of ours is a vote, so that nobody
 * votes with forged addresses.
 */
final class Votes {
    private static final int MOST = 16;
    private static final int[] NO_VOTERS = {};
    private static final @Nullable Endpoint[] NO_VOTES = {};

    // The oldest first. Of as little weight as can be: every node of a simulation has them.

    private int[] voters = NO_VOTERS;
    private @Nullable Endpoint[] votes = NO_VOTES;
    private int count;

    private @Nullable Endpoint verdict;

    int count() {
        return count;
    }

    /** What most agree on, with port 0 if only on the host; null if they do not agree. */
    @Nullable
    Endpoint verdict() {
        return verdict;
    }

    /** Counts a vote, in place of the voter's last one; true if the verdict is another now. */
    boolean add(Endpoint voter, Endpoint seen) {
        int network = network(voter);
        int place = find(network);
        if (place >= 0 && seen.equals(votes[place])) {
            return false;
        }
        Endpoint vote = shared(seen);
        if (place >= 0) {
            remove(place);
        } else if (count == MOST) {
            remove(0);
        }
        if (count == voters.length) {
            int length = Math.max(2, 2 * count);
            voters = Arrays.copyOf(voters, length);
            votes = Arrays.copyOf(votes, length);
        }
        voters[count] = network;
        votes[count++] = vote;
        Endpoint before = verdict;
        verdict = evaluate();
        return !Objects.equals(before, verdict);
    }

    /** Forgets all votes: they were about another socket, or the network has changed. The verdict stays until there are others. */
    void clear() {
        voters = NO_VOTERS;
        votes = NO_VOTES;
        count = 0;
    }

    /** The same, where it is certain what others will say. */
    void clear(Endpoint known) {
        clear();
        verdict = known;
    }

    private static int network(Endpoint voter) {
        if (Scope.of(voter).isLocal()) {
            return voter.hashCode();
        }
        return voter.isIPv4() ? (int) (voter.lowBits() >>> 8) & 0xFFFFFF : Long.hashCode(voter.highBits() >>> 16);
    }

    private int find(int network) {
        for (int i = 0; i < count; i++) {
            if (voters[i] == network) {
                return i;
            }
        }
        return -1;
    }

    private void remove(int place) {
        count--;
        System.arraycopy(voters, place + 1, voters, place, count - place);
        System.arraycopy(votes, place + 1, votes, place, count - place);
        votes[count] = null;
    }

    /** The same address as one object: sixteen would be told apart only by a collector. */
    private Endpoint shared(Endpoint seen) {
        for (int i = 0; i < count; i++) {
            Endpoint vote = votes[i];
            if (vote != null && vote.equals(seen)) {
                return vote;
            }
        }
        return seen;
    }

    private @Nullable Endpoint evaluate() {
        int needed = count - Math.min(3, count / 4);
        for (int i = 0; i < count; i++) {
            Endpoint vote = votes[i];
            if (vote != null && agreeing(vote, true) >= needed) {
                return vote;
            }
        }
        for (int i = 0; i < count; i++) {
            Endpoint vote = votes[i];
            if (vote != null && agreeing(vote, false) >= needed) {
                return Endpoint.of(vote.address(), 0);
            }
        }
        return null;
    }

    private int agreeing(Endpoint with, boolean onPort) {
        int agreeing = 0;
        for (int i = 0; i < count; i++) {
            Endpoint vote = votes[i];
            agreeing += vote != null && sameHost(vote, with) && (!onPort || vote.port() == with.port()) ? 1 : 0;
        }
        return agreeing;
    }

    /** Whether two endpoints differ in nothing but the port. */
    static boolean sameHost(Endpoint one, Endpoint other) {
        return one.isIPv4() == other.isIPv4() && one.highBits() == other.highBits() && one.lowBits() == other.lowBits();
    }
}
