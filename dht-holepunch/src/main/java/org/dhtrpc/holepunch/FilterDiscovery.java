package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Filtering;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.dhtrpc.holepunch.StunMessage.Kind;

/**
 * Who may send to an external port (RFC 5780, section 4.4), where servers have one address each. A subject is a socket that has
 * sent to one server only. That server is asked by it to answer from another port (CHANGE-REQUEST): what arrives was let through
 * for the address. Another server, to which the subject has never sent, is asked from another socket to answer to the subject's
 * external port (RESPONSE-PORT): what arrives was let through for no reason at all. Nobody is made to send to a third party.
 *
 * <p>What arrives proves; what does not may be lost, so that it is tried a few times, with several servers.
 */
final class FilterDiscovery {
    static final int TRIES = 4;
    private static final int CHANGE_PORT = 2;

    /** @param server the only one that it has sent to */
    record Subject(Probe probe, Endpoint server) {}

    private final Timers timers;
    private final Outbox outbox;
    private final Detours detours;
    private final List<Subject> subjects;
    private final Probe asker;
    private final List<Endpoint> servers;
    private final long gap;
    private final LongConsumer ended;

    private final List<TransactionId> expected = new ArrayList<>();
    private final Set<Endpoint> changing = new HashSet<>();
    private final Set<Endpoint> redirecting = new HashSet<>();
    private final Set<Endpoint> unchanging = new HashSet<>();
    private final Set<Endpoint> unredirecting = new HashSet<>();
    private int tries;
    private boolean over;
    private boolean anyAddress;
    private boolean anyPort;

    /**
     * @param asker another socket behind the same NAT
     * @param servers all of them, the subjects' ones too
     * @param gap between two tries; about a round trip
     * @param ended told once that there is a verdict
     */
    FilterDiscovery(
            Timers timers,
            Outbox outbox,
            Detours detours,
            List<Subject> subjects,
            Probe asker,
            List<Endpoint> servers,
            long gap,
            LongConsumer ended) {
        this.timers = timers;
        this.outbox = outbox;
        this.detours = detours;
        this.subjects = subjects;
        this.asker = asker;
        this.servers = servers;
        this.gap = gap;
        this.ended = ended;
    }

    void begin(long now) {
        attempt(now);
    }

    private void attempt(long now) {
        if (over) {
            return;
        }
        if (tries == TRIES || subjects.isEmpty()) {
            end(now);
            return;
        }
        for (Subject subject : subjects) {
            askForOtherPort(subject);
            askForOtherAddress(subject);
        }
        tries++;
        timers.at(now + (tries == TRIES ? 3 * gap : gap), this::attempt);
    }

    private void askForOtherPort(Subject subject) {
        Endpoint server = subject.server;
        if (unchanging.contains(server) || anyPort) {
            return;
        }
        TransactionId id = detours.expect((now, socket, from, message) -> {
            if (from.equals(server)) {
                unchanging.add(server);
            } else if (socket == subject.probe.socket() && Scope.sameHost(from, server)) {
                anyPort = true;
            }
        });
        expected.add(id);
        changing.add(server);
        StunWriter request = StunWriter.of(Kind.REQUEST, Stun.BINDING, id).number(Stun.CHANGE_REQUEST, CHANGE_PORT);
        outbox.send(subject.probe.socket(), server, request.bytes());
    }

    private void askForOtherAddress(Subject subject) {
        Endpoint external = subject.probe.seenBy(subject.server);
        List<Endpoint> strangers =
                servers.stream().filter(server -> strangeTo(subject, server)).toList();
        if (external == null || strangers.isEmpty()) {
            return;
        }
        Endpoint server = strangers.get(tries % strangers.size());
        TransactionId id = detours.expect((now, socket, from, message) -> {
            if (socket == subject.probe.socket()) {
                anyAddress = true;
                end(now);
            } else {
                unredirecting.add(server);
            }
        });
        expected.add(id);
        redirecting.add(server);
        StunWriter request =
                StunWriter.of(Kind.REQUEST, Stun.BINDING, id).number(Stun.RESPONSE_PORT, external.port() << 16);
        outbox.send(asker.socket(), server, request.bytes());
    }

    /** Whether it can answer to the subject, which it does not know: it has to see both sockets at one address. */
    private boolean strangeTo(Subject subject, Endpoint server) {
        Endpoint external = subject.probe.seenBy(subject.server);
        Endpoint asking = asker.seenBy(server);
        return !Scope.sameHost(server, subject.server)
                && !unredirecting.contains(server)
                && external != null
                && asking != null
                && Scope.sameHost(asking, external);
    }

    private void end(long now) {
        if (!over) {
            over = true;
            expected.forEach(detours::forget);
            ended.accept(now);
        }
    }

    /** Gives up; nobody is told. */
    void stop() {
        over = true;
    }

    /** @param mapping what is known of it by then */
    Filtering verdict(Mapping mapping) {
        if (anyAddress) {
            return Filtering.ENDPOINT_INDEPENDENT;
        }
        redirecting.removeAll(unredirecting);
        changing.removeAll(unchanging);
        if (anyPort) {
            // A firewall that goes by the address alone is rarer than none: where no stranger could be asked, there is
            // none.
            return redirecting.isEmpty() && mapping == Mapping.NONE
                    ? Filtering.ENDPOINT_INDEPENDENT
                    : Filtering.ADDRESS_DEPENDENT;
        }
        return changing.isEmpty() ? Filtering.UNKNOWN : Filtering.ADDRESS_AND_PORT_DEPENDENT;
    }
}
