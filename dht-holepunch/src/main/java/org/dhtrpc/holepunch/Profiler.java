package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.dhtrpc.holepunch.PunchException.Failure;
import org.jspecify.annotations.Nullable;

/**
 * Keeps our own {@link NatProfile}: finds it out as soon as there are helpers, again and more and more seldom while mapping,
 * filtering or allocation are not known, and anew when others see us at another host, or it is old and somebody wants it; has the
 * router open a port, if it does.
 */
final class Profiler {
    /** Witnesses come one by one; it is better to begin with three. */
    private static final long SETTLED = 300_000_000L;

    /** If there is just one helper. */
    private static final long LONELY = 2_000_000_000L;

    /** What is older is found out anew; what could not be found out is looked for as often at least. */
    private static final long OLD = 600_000_000_000L;

    /** Whoever wants it, and nobody could help so far, waits so long for somebody. */
    private static final long PATIENCE = 5_000_000_000L;

    /** The first wait before what was not found out is looked for again; each is twice as long as the one before. */
    private static final long AGAIN = 5_000_000_000L;

    private static final int MOST_DOUBLED = 7;

    /** After so long a router that has not answered, or has gone, is asked again. */
    private static final long ASK_AGAIN = 600_000_000_000L;

    private final Timers timers;
    private final PublicAddress address;
    private final Classifier classifier;
    private final MappingLifetime lifetimes;
    private final PortMapper mapper;
    private final Endpoint local;
    private final List<LongConsumer> waiting = new ArrayList<>();

    private NatProfile profile = NatProfile.UNKNOWN;
    private @Nullable Duration lifetime;
    private @Nullable Endpoint mapped;

    /** Where others saw us when they last agreed. */
    private @Nullable Endpoint host;

    private List<Endpoint> helpers = List.of();
    private boolean done;
    private long doneAt;
    private int failures;
    private Timers.@Nullable Timer due;

    /** @param local the main socket's address, one that leads out */
    Profiler(
            Timers timers,
            PublicAddress address,
            Classifier classifier,
            MappingLifetime lifetimes,
            PortMapper mapper,
            Endpoint local) {
        this.timers = timers;
        this.address = address;
        this.classifier = classifier;
        this.lifetimes = lifetimes;
        this.mapper = mapper;
        this.local = local;
    }

    /** What is known by now. A port that the router has opened counts if others see us at that host: else there are two NATs. */
    NatProfile profile() {
        Endpoint seen = address.endpoint();
        Endpoint seenHost = address.host();
        Endpoint external = mapped;
        boolean reached = external != null && seenHost != null && Scope.sameHost(external, seenHost);
        return new NatProfile(
                profile.mapping(),
                profile.filtering(),
                profile.allocation(),
                profile.step(),
                profile.hairpin(),
                seen != null ? seen : seenHost,
                reached ? external : null,
                lifetime);
    }

    /** Asks the router for a port, now and whenever it has none for us. */
    void askRouter(long now, Gateway gateway) {
        mapper.begin(now, gateway.router(), gateway.client(), local.port(), (later, external) -> {
            mapped = external;
            if (external == null) {
                timers.at(later + ASK_AGAIN, again -> askRouter(again, gateway));
            }
        });
    }

    /** What is known by now, for a punch that begins: what the router has opened is asked for again. */
    NatProfile forPunch(long now) {
        mapper.renew(now);
        return profile();
    }

    /** There are other helpers than before, or others see us elsewhere. */
    void helped(long now, List<Endpoint> known) {
        helpers = known;
        Endpoint before = host;
        Endpoint agreed = address.host();
        // While we move there may be no majority for either place.
        host = agreed == null ? before : agreed;
        if (before != null && !before.equals(host)) {
            done = false;
            failures = 0;
            lifetime = null;
        }
        if (!complete() && !helpers.isEmpty()) {
            plan(now, now + (helpers.size() > 1 ? SETTLED : LONELY));
        }
    }

    private void plan(long now, long time) {
        if (due == null && !classifier.running()) {
            due = timers.at(time, this::begin);
        } else if (due != null && helpers.size() > 1) {
            due.cancel();
            due = timers.at(Math.min(time, now + SETTLED), this::begin);
        }
    }

    private void begin(long now) {
        if (due != null) {
            due.cancel();
            due = null;
        }
        if (!classifier.running() && !helpers.isEmpty()) {
            // Some of them may be behind filters that let through the main socket alone: others have their turn.
            List<Endpoint> turn = new ArrayList<>(helpers);
            Collections.rotate(turn, -failures * Classifier.MOST_USED);
            Endpoint here = host;
            classifier.begin(now, turn, local, (later, found) -> {
                boolean moved = here != null && !here.equals(host);
                classified(later, moved ? null : found);
            });
        }
    }

    private void classified(long now, @Nullable NatProfile found) {
        if (found != null) {
            profile = done ? found.or(profile) : found;
            done = profile.mapping() != Mapping.UNKNOWN;
            doneAt = now;
        }
        if (complete()) {
            failures = 0;
        } else {
            // Too much was lost, or nobody could tell.
            long wait = Math.min(AGAIN << Math.min(failures++, MOST_DOUBLED), OLD);
            due = timers.at(now + wait, this::begin);
        }
        List<LongConsumer> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(one -> one.accept(now));
    }

    private boolean complete() {
        return done
                && profile.filtering() != NatProfile.Filtering.UNKNOWN
                && profile.allocation() != NatProfile.Allocation.UNKNOWN;
    }

    /** Tells when it is known, or cannot be. */
    void want(long now, LongConsumer ready) {
        if (done && now - doneAt < OLD) {
            ready.accept(now);
            return;
        }
        waiting.add(ready);
        if (helpers.size() > 1 || done) {
            begin(now);
        }
        timers.at(now + PATIENCE, later -> {
            if (waiting.remove(ready)) {
                ready.accept(later);
            }
        });
    }

    /** Measures for how long a mapping lasts, and tells when it is known; false if that is not possible now. */
    boolean measureLifetime(long now, Duration most, LongConsumer ready) {
        if (lifetimes.running() || helpers.isEmpty()) {
            return false;
        }
        lifetimes.begin(now, helpers.get(0), most, (later, measured) -> {
            lifetime = measured;
            ready.accept(later);
        });
        return true;
    }

    /** Why not. */
    PunchException cannotMeasure() {
        return lifetimes.running()
                ? new PunchException(Failure.BUDGET, "A lifetime is being measured already")
                : new PunchException(
                        Failure.REFERRER_UNREACHABLE, "Nobody is known who could help to measure a lifetime");
    }

    /** True if a STUN message was for what is under way here. */
    boolean receive(long now, int socket, Endpoint from, StunMessage message) {
        return classifier.receive(now, socket, from, message) || lifetimes.receive(now, socket, from, message);
    }

    /** True if a datagram of another kind was. */
    boolean receive(long now, int socket, Endpoint from, ByteBuffer datagram) {
        boolean ours = mapper.owns(socket);
        if (ours) {
            mapper.receive(now, from, datagram);
        }
        return ours;
    }

    boolean opened(long now, int socket, Endpoint bound) {
        return classifier.opened(now, socket, bound) || lifetimes.opened(now, socket) || mapper.opened(now, socket);
    }

    boolean notOpened(long now, int socket) {
        return classifier.notOpened(now, socket) || lifetimes.notOpened(now, socket) || mapper.notOpened(now, socket);
    }

    void close() {
        mapper.close();
    }
}
