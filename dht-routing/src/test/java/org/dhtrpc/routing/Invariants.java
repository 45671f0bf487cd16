package org.dhtrpc.routing;

import java.nio.ByteBuffer;
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
import org.dhtrpc.DhtState;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/** What holds of a machine whatever comes. It is told of every input, sees every effect, and knows who is proven. */
final class Invariants implements Effect.Visitor {
    final List<Effect.Send> asked = new ArrayList<>();
    final List<Effect.Call> calls = new ArrayList<>();
    final List<Effect.Punch> punches = new ArrayList<>();
    final Map<Long, Ask> open = new LinkedHashMap<>();
    long located;

    final Speaker speaker;

    private final Setup setup;
    private final Set<Contact> provenContacts = new HashSet<>();
    private final Set<Endpoint> proven = new HashSet<>();
    private final Map<Key, Contact> table = new HashMap<>();
    private final Map<Endpoint, List<Bytes>> tokens = new HashMap<>();
    private final Set<Origin> sent = new HashSet<>();
    private final Set<Origin> received = new HashSet<>();
    private final Map<Origin, Made> made = new HashMap<>();
    private final Set<Long> transactions = new HashSet<>();
    private final Set<Origin> pingBacks = new HashSet<>();
    private final Map<Origin, List<Cause>> putOff = new HashMap<>();
    private final Map<Long, Cause> causes = new HashMap<>();
    private final Map<Long, Endpoint> announced = new HashMap<>();
    private final HandedOn handedOn;
    private final Relayed relayed;
    private final Admission admission;
    private final MsgpackCodec codec = new MsgpackCodec();
    private final ByteBuffer datagram = ByteBuffer.allocate(codec.wire().maxDatagram());
    private long callsMade;
    private boolean suspended;
    private boolean asleep;
    private boolean closed;
    private long now;
    private @Nullable Cause cause;
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

    /**
     * What the machine is about to do something about: a datagram, or a handler's answer to one. All that it sends to the
     * sender of a request meanwhile, it sends because of that request; what it sends at other times, and when a reply that
     * it waits for has come, it sends of its own accord.
     */
    private static final class Cause {
        final Endpoint from;
        final Message message;

        /** A reply that is waited for, or a request of ours that has come back: it goes on with what it has begun. */
        final boolean ours;

        private long allowance;
        private boolean admitted;

        Cause(Endpoint from, Message message, boolean ours, long allowance) {
            this.from = from;
            this.message = message;
            this.ours = ours;
            this.allowance = allowance;
        }
    }

    Invariants(Setup setup) {
        this.setup = setup;
        this.speaker = new Speaker(setup);
        this.handedOn = new HandedOn(setup);
        this.relayed = new Relayed(setup);
        this.admission = new Admission(setup.config.requestRate());
        provenContacts.addAll(setup.verified);
    }

    /** The machine is new: nothing was published of those whom its table was filled with. */
    void begins(Kademlia machine) {
        speaker.begins(machine);
        machine.contacts(now).forEach(known -> added(known.contact()));
    }

    /** What was sent, in order, as one number. */
    long trace() {
        return trace;
    }

    /** Before a message is received. */
    void receiving(long time, Endpoint source, Message message, int size) {
        now = time;
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
        boolean request = message instanceof Request;
        if (request) {
            received.add(origin);
            int port = message instanceof Request nat && nat.command().equals(Command.PING_NAT)
                    ? Arguments.port(nat.value())
                    : 0;
            if (port != 0) {
                received.add(new Origin(Endpoint.of(source.address(), port), message.transaction()));
            }
        }
        boolean ours = request
                ? transactions.contains(message.transaction())
                : proves || source.equals(announced.get(message.transaction()));
        boolean limited = request && !proves && setup.wire.replyFactor() > 0;
        cause = new Cause(source, message, ours, limited ? (long) setup.wire.replyFactor() * size : Long.MAX_VALUE);
        if (message instanceof Request later && FuzzedMessages.mayBePutOff(setup.wire, later)) {
            List<Cause> others = putOff.computeIfAbsent(origin, any -> new ArrayList<>(1));
            if (others.stream().noneMatch(other -> other.message.equals(message))) {
                others.add(cause);
            }
        }
    }

    /** Before a handler's answer. */
    void answering(long call) {
        cause = causes.get(call);
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

    /** The last request may be answered by another, too. */
    void announced(Endpoint other) {
        announced.put(asked.get(asked.size() - 1).message().transaction(), other);
    }

    /** Before a handler has its question, or the answer to it, go on to there. */
    void forwarding(long call, Endpoint to) {
        answering(call);
        Cause why = causes.get(call);
        if (why != null) {
            handedOn.put(why.from, why.message, to);
            received.add(new Origin(to, why.message.transaction()));
        }
    }

    void suspended(boolean now) {
        suspended = now;
        putOff.clear();
    }

    /** Whether we have slept, so that nobody can be blamed for silence. */
    void asleep(boolean now) {
        asleep = now;
    }

    void closed() {
        closed = true;
    }

    /** After an input whose effects are drained. */
    void check(Kademlia machine) {
        cause = null;
        speaker.check(machine);
        DhtStats stats = machine.stats();
        holds(stats.pendingRequests() <= KademliaConfig.MAX_PENDING + KademliaConfig.MAX_QUEUED, "requests", stats);
        holds(stats.pendingCalls() <= Math.min(KademliaConfig.MAX_CALLS, calls.size()), "calls", stats);
        holds(stats.operations() == open.size() && open.size() <= KademliaConfig.MAX_OPERATIONS, "operations", stats);
        holds(stats.contacts() == table.size(), "contacts that were published", stats);
        Gauges gauges = machine.gauges();
        holds(gauges.remembered() <= KademliaConfig.MAX_REMEMBERED, "remembered calls", gauges);
        holds(gauges.strangers() <= KademliaConfig.MAX_PING_BACKS, "ping-backs", gauges);
        holds(gauges.joiners() <= KademliaConfig.MAX_PING_BACKS, "who may tell of themselves", gauges);
        holds(gauges.punches() <= (open.isEmpty() ? 0 : KademliaConfig.MAX_PUNCHES), "punches", gauges);
        holds(gauges.rated() <= KademliaConfig.MAX_RATED, "rated addresses", gauges);
        holds(gauges.delayed() <= DelayedPongs.MOST, "pongs put off", gauges);
        holds(gauges.introduced() <= Introductions.MOST, "strangers who are introduced", gauges);
        holds(gauges.lately() <= (setup.wire.relays() ? Relays.MOST : 0), "who may be relayed to", gauges);
        holds(gauges.noted() <= Exposure.NOTED, "strangers who may be asked", gauges);
        int kept = setup.config.needsNoStrangers(setup.surroundings()) ? setup.config.k() : 0;
        holds(gauges.kept() <= kept && (!machine.ephemeral() || gauges.kept() == 0), "paths kept open", gauges);
        if (closed || suspended) {
            int left = stats.operations() + stats.pendingCalls() + stats.pendingRequests();
            boolean quiet = left + gauges.pings() + gauges.joiners() + gauges.punches() + gauges.kept() == 0;
            holds(quiet && machine.deadline() == Deadlines.NEVER, "nothing goes on in a node that rests", stats);
            DhtState state = closed ? DhtState.CLOSED : DhtState.SUSPENDED;
            holds(stats.state() == state, "it says that it is " + state, stats);
        }
    }

    /** The table is what it began with and what was published of it. */
    void checkTable(Kademlia machine) {
        Set<Contact> contacts = new HashSet<>();
        machine.contacts(now).forEach(known -> contacts.add(known.contact()));
        holds(contacts.equals(new HashSet<>(table.values())), "the table is as published", contacts);
    }

    static void holds(boolean condition, String rule, Object what) {
        if (!condition) {
            throw new AssertionError("broken: " + rule + ": " + what);
        }
    }

    private boolean sendable(Endpoint endpoint) {
        return endpoint.port() != 0
                && Scope.of(endpoint) != Scope.NOBODY
                && setup.reachable.test(endpoint)
                && setup.filter.test(endpoint);
    }

    @Override
    public void send(Effect.Send effect) {
        Message message = effect.message();
        trace = trace * 31 + effect.hashCode();
        holds(!closed && !suspended, "a node that rests sends nothing", effect);
        holds(sendable(effect.to()) && effect.to().equals(message.to()), "it can be sent, and says to whom", effect);
        int size = setup.size.applyAsInt(message);
        if (cause != null && relayed.passes(now, cause.from, cause.message, effect, size, this::provenOrKnown)) {
            return;
        }
        speaker.sends(effect);
        holds(size <= setup.wire.maxDatagram(), "it fits in a datagram", effect);
        if (setup.wire.equals(codec.wire())) {
            written(message, size);
        }
        Origin origin = new Origin(effect.to(), message.transaction());
        if (message instanceof Reply reply) {
            reply(effect.to(), origin, reply);
            charge(effect, size);
        } else if (cause != null && handedOn.passes(cause.from, cause.message, effect, size)) {
            return;
        } else {
            request(effect, origin, size);
        }
    }

    private void written(Message message, int size) {
        codec.encode(message, datagram.clear());
        holds(datagram.flip().remaining() == size, "it takes as many bytes as we are told", message);
        try {
            holds(codec.decode(datagram).equals(message), "what is written is read", message);
        } catch (MalformedMessageException e) {
            throw new AssertionError("broken: what is written can be read: " + message, e);
        }
    }

    private void request(Effect.Send effect, Origin origin, int size) {
        boolean fresh = sent.add(origin) || setup.wire.transactionBits() < Long.SIZE;
        holds(fresh || !pingBacks.contains(origin), "a stranger is pinged once", effect);
        transactions.add(origin.transaction);
        asked.add(effect);
        Cause why = cause;
        if (why != null && !why.ours && provenOrKnown(effect.to()) && hinted(why, effect.to())) {
            holds(((Request) effect.message()).command().equals(Command.PING), "a hint brings a ping", effect);
        } else if (why != null && !why.ours) {
            boolean ping = ((Request) effect.message()).command().equals(Command.PING);
            holds(ping && why.message instanceof Request, "a request brings a ping at most", effect);
            pingBacks.add(origin);
            charge(effect, size);
        }
    }

    private static boolean hinted(Cause why, Endpoint suspect) {
        return why.message instanceof Request request
                && request.command().equals(Command.DOWN_HINT)
                && suspect.equals(Arguments.endpoint(request.value()));
    }

    private boolean provenOrKnown(Endpoint endpoint) {
        return proven.contains(endpoint)
                || setup.verified.stream()
                        .anyMatch(contact -> contact.endpoint().equals(endpoint));
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
    private void charge(Effect.Send effect, int size) {
        Origin origin = new Origin(effect.to(), effect.message().transaction());
        // One transaction may have several questions, which are answered at once or later.
        List<Cause> later = putOff.getOrDefault(origin, List.of());
        boolean atOnce = later.isEmpty() || (cause != null && asks(cause, effect.to()));
        Cause why = atOnce ? cause : later.remove(0);
        if (why != null && handedOn.passes(why.from, why.message, effect, size)) {
            return;
        }
        holds(why != null && asks(why, effect.to()), "somebody there has asked", effect);
        if (why != null) {
            if (why == cause) {
                // What was put off has been admitted when it came.
                admit(why);
            }
            holds(size <= why.allowance, "there are " + why.allowance + " bytes left, not " + size, effect);
            why.allowance -= size;
        }
    }

    private static boolean asks(Cause why, Endpoint answered) {
        boolean nat = why.message instanceof Request asks && asks.command().equals(Command.PING_NAT);
        return nat ? Votes.sameHost(why.from, answered) : why.from.equals(answered);
    }

    /** A request is not counted before something is done about it. */
    private void admit(Cause why) {
        if (!why.admitted) {
            why.admitted = true;
            admission.admit(now, why.from, why.message.token() != null);
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
        Cause why = cause;
        if (closed || suspended || why == null || !(why.message instanceof Request asks)) {
            throw new AssertionError("nobody asked for " + effect);
        }
        Endpoint source = why.from;
        admit(why);
        holds(causes.put(effect.call(), why) == null, "each call has its number", effect);
        calls.add(effect);
        Made latest = new Made(asks, now, callsMade++);
        Made last = made.put(new Origin(source, asks.transaction()), latest);
        boolean remembered = last != null
                && now - last.at < setup.config.requestTimeout().toNanos()
                && latest.number - last.number < KademliaConfig.MAX_REMEMBERED;
        holds(!remembered || !last.request.equals(asks), "a request is handled once", effect);
        holds(!asks.commit() || proven.contains(source), "a commit has proof", effect);
    }

    @Override
    public void punch(Effect.Punch effect) {
        holds(!closed && !suspended && (setup.punching || setup.wire.relays()), "there is a hole puncher", effect);
        holds(sendable(effect.peer()) && sendable(effect.referrer()), "both can be reached", effect);
        punches.add(effect);
    }

    @Override
    public void identify(Effect.Identify effect) {
        holds(!closed && !suspended, "a node that rests wants no id", effect);
        speaker.wants(effect.address());
    }

    @Override
    public void locate(Effect.Locate effect) {
        holds(!closed && !suspended, "a node that rests looks for nobody", effect);
        located++;
    }

    @Override
    public void joined(Effect.Joined effect) {}

    @Override
    public void publish(Effect.Publish effect) {
        if (effect.event() instanceof DhtEvent.ContactAdded added) {
            added(added.contact());
        } else if (effect.event() instanceof DhtEvent.ContactRemoved removed) {
            holds(!asleep, "nobody is given up for what we slept through", effect);
            holds(table.remove(removed.contact().id(), removed.contact()), "who is removed was there", effect);
        }
        speaker.published(effect.event());
        if (effect.event() instanceof DhtEvent.BecamePersistent became) {
            holds(!table.containsKey(became.id()), "we are no contact", became);
            table.values().forEach(this::placed);
        }
    }

    private void added(Contact contact) {
        holds(provenContacts.contains(contact), "only the proven are contacts", contact);
        holds(!contact.id().equals(speaker.id()) && !speaker.at(contact.endpoint()), "we are no contact", contact);
        holds(sendable(contact.endpoint()), "a contact can be reached", contact);
        holds(setup.idPolicy.accept(contact.id(), contact.endpoint()), "its id is acceptable", contact);
        for (Contact other : table.values()) {
            holds(!other.endpoint().equals(contact.endpoint()), "one contact for an address", contact);
        }
        holds(table.put(contact.id(), contact) == null, "one contact for an id", contact);
        placed(contact);
    }

    /** It has a place in a bucket, and beside its neighbours. */
    private void placed(Contact contact) {
        Key self = speaker.id();
        int bucket = self.commonPrefix(contact.id());
        long inSame = table.keySet().stream()
                .filter(id -> self.commonPrefix(id) == bucket)
                .count();
        holds(inSame <= setup.config.k(), "a bucket has room for k", contact);
        if (!Scope.of(contact.endpoint()).isLocal()) {
            SubnetLimit limit = setup.config.subnetLimit();
            List<Contact> beside = table.values().stream()
                    .filter(other -> subnet(other.endpoint()).equals(subnet(contact.endpoint())))
                    .toList();
            long inBucket = beside.stream()
                    .filter(other -> self.commonPrefix(other.id()) == bucket)
                    .count();
            holds(beside.size() <= limit.perTable() && inBucket <= limit.perBucket(), "a subnet has its limit", beside);
        }
    }

    /** The /24 of IPv4, the /48 of IPv6. */
    private static List<Long> subnet(Endpoint endpoint) {
        return endpoint.isIPv4()
                ? List.of(endpoint.highBits(), endpoint.lowBits() >>> 8)
                : List.of(endpoint.highBits() >>> 16);
    }
}
