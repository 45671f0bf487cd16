package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/** What holds of a machine whatever comes. It is told of every input, sees every effect, and knows who is proven. */
final class Invariants implements Effect.Visitor {
    /** To be true once replies to unproven addresses are limited. */
    private static final boolean NO_AMPLIFIER = Boolean.getBoolean("fuzz.noAmplifier");

    final List<Effect.Send> asked = new ArrayList<>();
    final List<Effect.Call> calls = new ArrayList<>();
    final List<Effect.Punch> punches = new ArrayList<>();
    final Map<Long, Ask> open = new LinkedHashMap<>();

    private final Setup setup;
    private final Set<Contact> provenContacts = new HashSet<>();
    private final Set<Endpoint> proven = new HashSet<>();
    private final Map<Key, Contact> table = new HashMap<>();
    private final Map<Endpoint, List<Bytes>> tokens = new HashMap<>();
    private final Set<Origin> sent = new HashSet<>();
    private final Set<Origin> received = new HashSet<>();
    private final Map<Origin, Made> made = new HashMap<>();
    private final Map<Endpoint, Traffic> traffic = new HashMap<>();
    private long callsMade;
    private boolean closed;
    private long now;
    private @Nullable Endpoint from;
    private @Nullable Request request;
    private long trace;

    /** A message is known by where it comes from or goes to, and its number. */
    private record Origin(Endpoint peer, long transaction) {}

    private record Made(Request request, long at, long number) {}

    /** An operation under way. */
    static final class Ask {
        final boolean streams;
        private long demanded;
        private long delivered;

        Ask(boolean streams) {
            this.streams = streams;
        }
    }

    private static final class Traffic {
        private long in;
        private long out;
    }

    Invariants(Setup setup) {
        this.setup = setup;
        provenContacts.addAll(setup.verified);
    }

    /** What was sent, in order, as one number. */
    long trace() {
        return trace;
    }

    /** Before a message is received. */
    void receiving(long time, Endpoint source, Message message, int size) {
        now = time;
        from = source;
        request = message instanceof Request asks ? asks : null;
        Origin origin = new Origin(source, message.transaction());
        boolean proves = message instanceof Reply
                ? sent.contains(origin)
                : message.token() != null
                        && tokens.getOrDefault(source, List.of()).contains(message.token());
        if (proves) {
            proven.add(source);
            if (message.sender() != null) {
                provenContacts.add(new Contact(message.sender(), source));
            }
        }
        if (request != null) {
            received.add(origin);
        }
        traffic.computeIfAbsent(source, any -> new Traffic()).in += size;
    }

    /** The last token that an address was given, null if it was given none. */
    @Nullable
    Bytes tokenOf(Endpoint holder) {
        List<Bytes> given = tokens.getOrDefault(holder, List.of());
        return given.isEmpty() ? null : given.get(given.size() - 1);
    }

    void begun(long operation, boolean streams) {
        open.put(operation, new Ask(streams));
    }

    void demanded(long operation, long n) {
        Ask ask = open.get(operation);
        if (ask != null) {
            ask.demanded = ask.demanded + n < 0 ? Long.MAX_VALUE : ask.demanded + n;
        }
    }

    void closed() {
        closed = true;
    }

    /** After an input whose effects are drained. */
    void check(Kademlia machine) {
        from = null;
        request = null;
        DhtStats stats = machine.stats();
        holds(stats.pendingRequests() <= KademliaConfig.MAX_PENDING + KademliaConfig.MAX_QUEUED, "requests", stats);
        holds(stats.pendingCalls() <= Math.min(KademliaConfig.MAX_CALLS, calls.size()), "calls", stats);
        holds(stats.operations() == open.size() && open.size() <= KademliaConfig.MAX_OPERATIONS, "operations", stats);
        holds(stats.contacts() == table.size(), "contacts that were published", stats);
        if (closed) {
            int left = stats.operations() + stats.pendingCalls() + stats.pendingRequests();
            holds(left == 0 && machine.deadline() == Deadlines.NEVER, "nothing is left of a closed node", stats);
        }
    }

    /** The table is what was published of it. */
    void checkTable(Kademlia machine) {
        Set<Contact> contacts = new HashSet<>();
        machine.contacts(now).forEach(known -> contacts.add(known.contact()));
        holds(contacts.equals(new HashSet<>(table.values())), "the table is as published", contacts);
    }

    private static void holds(boolean condition, String rule, Object what) {
        if (!condition) {
            throw new AssertionError("broken: " + rule + ": " + what);
        }
    }

    private boolean sendable(Endpoint endpoint) {
        return endpoint.port() != 0 && setup.reachable.test(endpoint);
    }

    @Override
    public void send(Effect.Send effect) {
        Message message = effect.message();
        trace = trace * 31 + effect.hashCode();
        holds(!closed, "a closed node sends nothing", effect);
        holds(sendable(effect.to()) && effect.to().equals(message.to()), "it can be sent, and says to whom", effect);
        holds(message.sender() == null || message.sender().equals(Bench.ID), "it is from us", effect);
        int size = setup.size.applyAsInt(message);
        holds(size <= setup.wire.maxDatagram(), "it fits in a datagram", effect);
        Origin origin = new Origin(effect.to(), message.transaction());
        if (message instanceof Reply reply) {
            reply(effect.to(), origin, reply);
        } else {
            sent.add(origin);
            asked.add(effect);
        }
        if (message instanceof Reply || effect.to().equals(from)) {
            limit(effect, size);
        }
    }

    private void reply(Endpoint to, Origin origin, Reply reply) {
        holds(received.contains(origin), "a reply has its question", reply);
        List<Contact> contacts = reply.contacts() == null ? List.of() : reply.contacts();
        holds(contacts.size() <= setup.config.k(), "at most k are named", reply);
        for (Contact contact : contacts) {
            holds(provenContacts.contains(contact), "only the proven are named", reply);
            holds(!contact.endpoint().equals(to), "nobody is told of himself", reply);
        }
        if (reply.token() != null) {
            List<Bytes> given = tokens.computeIfAbsent(to, any -> new ArrayList<>(1));
            if (!given.contains(reply.token())) {
                given.add(reply.token());
            }
        }
    }

    /** Who forges a source must not have us send more to it than three times what that cost. */
    private void limit(Effect.Send effect, int size) {
        Traffic both = traffic.computeIfAbsent(effect.to(), any -> new Traffic());
        both.out += size;
        if (NO_AMPLIFIER && setup.wire.replyFactor() > 0 && !proven.contains(effect.to())) {
            long most = setup.wire.replyFactor() * both.in;
            holds(both.out <= most, "an unproven address gets at most " + most + " bytes, not " + both.out, effect);
        }
    }

    @Override
    public void deliver(Effect.Deliver effect) {
        Ask ask = open.get(effect.operation());
        holds(ask != null && ask.streams, "delivered after the beginning and before the end", effect);
        if (ask != null) {
            holds(++ask.delivered <= ask.demanded, "no more than was demanded", effect);
        }
    }

    @Override
    public void finished(Effect.Finished effect) {
        Ask ask = open.remove(effect.operation());
        holds(ask != null && ask.streams, "a query ends once", effect);
    }

    @Override
    public void answered(Effect.Answered effect) {
        Ask ask = open.remove(effect.operation());
        holds(ask != null && !ask.streams, "a request ends once", effect);
        holds(effect.answer() == null != (effect.failure() == null), "with an answer or a failure", effect);
    }

    @Override
    public void call(Effect.Call effect) {
        Request asks = request;
        Endpoint source = from;
        request = null;
        if (closed || asks == null || source == null) {
            throw new AssertionError("nobody asked for " + effect);
        }
        calls.add(effect);
        Made latest = new Made(asks, now, callsMade++);
        Made last = made.put(new Origin(source, asks.transaction()), latest);
        boolean remembered = last != null
                && now - last.at < setup.config.requestTimeout().toNanos()
                && latest.number - last.number <= KademliaConfig.MAX_REMEMBERED;
        holds(!remembered || !last.request.equals(asks), "a request is handled once", effect);
        holds(!asks.commit() || proven.contains(source), "a commit has proof", effect);
    }

    @Override
    public void punch(Effect.Punch effect) {
        holds(!closed && setup.punching, "there is a hole puncher", effect);
        punches.add(effect);
    }

    @Override
    public void locate(Effect.Locate effect) {
        holds(!closed, "a closed node looks for nobody", effect);
    }

    @Override
    public void joined(Effect.Joined effect) {}

    @Override
    public void publish(Effect.Publish effect) {
        if (effect.event() instanceof DhtEvent.ContactAdded added) {
            added(added.contact());
        } else if (effect.event() instanceof DhtEvent.ContactRemoved removed) {
            holds(table.remove(removed.contact().id(), removed.contact()), "who is removed was there", effect);
        }
    }

    private void added(Contact contact) {
        holds(provenContacts.contains(contact), "only the proven are contacts", contact);
        holds(!contact.id().equals(Bench.ID) && !contact.endpoint().equals(Bench.HERE), "we are no contact", contact);
        holds(sendable(contact.endpoint()), "a contact can be reached", contact);
        holds(setup.idPolicy.accept(contact.id(), contact.endpoint()), "its id is acceptable", contact);
        for (Contact other : table.values()) {
            holds(!other.endpoint().equals(contact.endpoint()), "one contact for an address", contact);
        }
        holds(table.put(contact.id(), contact) == null, "one contact for an id", contact);
    }
}
