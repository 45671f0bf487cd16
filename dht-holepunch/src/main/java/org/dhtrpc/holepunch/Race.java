package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Filtering;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is tried between two ends, and with what head start: what is cheap and likely first, but nothing waits for another to fail.
 * Both ends choose by the same rules, from what each has said of itself.
 */
final class Race {
    private static final long MILLI = 1_000_000L;
    private static final long UNLIKELY = 2_500 * MILLI;

    private final NatProfile local;
    private final NatProfile remote;
    private final Endpoint remoteSeen;
    private final Endpoint localSeen;
    private final List<Candidate> ours;
    private final List<Candidate> theirs;
    private final long roundTrip;

    /** @param delay how long after the beginning of the race it begins, in nanoseconds */
    record Entry(Attempt attempt, long delay) {}

    /**
     * @param remoteSeen where the referrer sees the other end
     * @param localSeen where it sees us
     * @param roundTrip to the other end and back by way of the referrer, in nanoseconds
     */
    Race(
            NatProfile local,
            NatProfile remote,
            Endpoint localSeen,
            Endpoint remoteSeen,
            List<Candidate> ours,
            List<Candidate> theirs,
            long roundTrip) {
        this.local = local;
        this.remote = remote;
        this.localSeen = localSeen;
        this.remoteSeen = remoteSeen;
        this.ours = ours;
        this.theirs = theirs;
        this.roundTrip = roundTrip;
    }

    List<PlainChecks.Target> targets(Workbench bench) {
        List<PlainChecks.Target> targets = new ArrayList<>();
        boolean open = remote.mapping() == Mapping.NONE && remote.filtering() == Filtering.ENDPOINT_INDEPENDENT;
        targets.add(new PlainChecks.Target(remoteSeen, open ? Path.OPEN : Path.PUNCHED, true));
        for (Candidate candidate : theirs) {
            Endpoint to = candidate.endpoint();
            boolean known =
                    targets.stream().anyMatch(target -> target.endpoint().equals(to));
            if (known || !bench.allowed(to)) {
                continue;
            }
            if (candidate.kind() == Candidate.Kind.MAPPED) {
                targets.add(new PlainChecks.Target(to, Path.PORTMAP, Scope.sameHost(to, remoteSeen)));
            } else if (candidate.kind() == Candidate.Kind.HOST && neighbours() && Scope.isPrivate(to)) {
                targets.add(new PlainChecks.Target(to, Path.LAN, false));
            }
        }
        return targets;
    }

    /** Whether both are behind one public address. */
    private boolean neighbours() {
        return Scope.sameHost(localSeen, remoteSeen);
    }

    /** The prediction, if one is possible. */
    @Nullable
    Attempt prediction(Prober prober, Workbench bench, Sockets sockets) {
        if (local.predictable() && remote.steady()) {
            return Prediction.guessedBy(remoteSeen, prober, bench, sockets);
        }
        Endpoint sample = sample(theirs);
        boolean possible = sample != null && remote.predictable() && (local.steady() || local.predictable());
        return sample != null && possible
                ? Prediction.of(!local.steady(), sample, remote.step(), prober, bench, sockets)
                : null;
    }

    private @Nullable Endpoint sample(List<Candidate> candidates) {
        for (Candidate candidate : candidates) {
            if (candidate.kind() == Candidate.Kind.SAMPLE && Scope.sameHost(candidate.endpoint(), remoteSeen)) {
                return candidate.endpoint();
            }
        }
        return null;
    }

    /**
     * The search for a port, if just one of the two NATs gives new ones, or it is not known of both that they do not.
     *
     * @param guessed how many ports may be probed
     */
    @Nullable
    Birthday birthday(boolean initiator, IntSupplier guessed, Prober prober, Workbench bench, Sockets sockets) {
        boolean guesses;
        if (local.steady() != remote.steady()) {
            guesses = local.steady();
        } else if (bothSteady() || !local.steady()) {
            return null;
        } else {
            guesses = known(local) || (initiator && !known(remote));
        }
        return guesses
                ? Birthday.manyPorts(remoteSeen, guessed.getAsInt(), prober, bench)
                : Birthday.manySockets(remoteSeen, prober, bench, sockets);
    }

    private static boolean known(NatProfile profile) {
        return profile.mapping() != Mapping.UNKNOWN;
    }

    /** How it was done if the other end is met where it was not known to be. */
    Path byGuess() {
        boolean predicted =
                local.predictable() ? remote.steady() || remote.predictable() : local.steady() && remote.predictable();
        if (predicted) {
            return Path.PREDICTED;
        }
        return local.steady() != remote.steady() && birthdayDelay() < UNLIKELY ? Path.BIRTHDAY : Path.PUNCHED;
    }

    /** Never the search first: where one packet would do, it has long arrived. */
    long birthdayDelay() {
        NatProfile steady = local.steady() ? local : remote;
        NatProfile other = local.steady() ? remote : local;
        if (local.steady() == remote.steady() || lenient(steady) || open(other) || mapped(ours) || mapped(theirs)) {
            return UNLIKELY;
        }
        return other.predictable() ? 1_000 * MILLI : roundTrip + 100 * MILLI;
    }

    /** Whether both are known to keep to one port. */
    boolean bothSteady() {
        return local.steady() && remote.steady() && known(local) && known(remote);
    }

    /** Whether new sockets may help: both keep to their ports, as far as is known. */
    boolean freshHelps() {
        return local.steady() && remote.steady();
    }

    /** When new sockets are tried, if both keep to their ports. */
    long freshDelay() {
        return roundTrip + 400 * MILLI;
    }

    /**
     * Whether it is better to wait for the other end's probe: a NAT that lets in anybody, but takes another port for each whom we send
     * to, answers from the port that the probe has come to, unless we have sent there before.
     */
    boolean silent(boolean initiator) {
        return !local.steady() && open(local) && !(open(remote) && (remote.steady() || initiator));
    }

    /** Whether nothing but a relay can help: at neither end can anybody tell the port. */
    boolean hopeless() {
        boolean predicted = local.predictable() && remote.predictable();
        return !local.steady()
                && !remote.steady()
                && !predicted
                && !open(local)
                && !open(remote)
                && !mapped(ours)
                && !mapped(theirs)
                && !neighbours();
    }

    private static boolean open(NatProfile profile) {
        return profile.filtering() == Filtering.ENDPOINT_INDEPENDENT;
    }

    /** Whether it lets in any port of an address that was sent to. */
    private static boolean lenient(NatProfile profile) {
        return open(profile) || profile.filtering() == Filtering.ADDRESS_DEPENDENT;
    }

    private static boolean mapped(List<Candidate> candidates) {
        return candidates.stream().anyMatch(candidate -> candidate.kind() == Candidate.Kind.MAPPED);
    }
}
