package org.dhtrpc.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.ToIntFunction;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Forward;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.QueryResult;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * A machine on the bench. Time passes only when told to; what the machine wants done is collected; peers that were added
 * are reached and answer after their latency, all others are silence.
 */
final class Bench implements Effect.Visitor {
    static final Endpoint HERE = Endpoint.parse("192.0.2.1:3282");

    /** Where others see our sibling socket. */
    static final Endpoint SIBLING = Endpoint.parse("192.0.2.1:49152");

    static final Key ID = Key.hashOf(Bytes.utf8("us"));
    static final Command COMMAND = Command.of("look");

    final List<Effect.Send> sent = new ArrayList<>();
    final List<QueryResult> results = new ArrayList<>();
    final Map<Long, Long> delivered = new LinkedHashMap<>();
    final Map<Long, Effect.Finished> finished = new LinkedHashMap<>();
    final Map<Long, Effect.Answered> answered = new LinkedHashMap<>();
    final List<Effect.Call> calls = new ArrayList<>();
    final List<Effect.Punch> punches = new ArrayList<>();
    final List<Effect.Joined> joined = new ArrayList<>();
    final List<DhtEvent> events = new ArrayList<>();
    final List<Endpoint> identified = new ArrayList<>();
    final List<Long> located = new ArrayList<>();

    final Kademlia machine;
    private final ToIntFunction<Message> size;
    long now = 1_000_000_000_000L;

    private final Map<Endpoint, Peer> peers = new HashMap<>();
    private final PriorityQueue<Delivery> underWay =
            new PriorityQueue<>(Comparator.comparingLong(Delivery::at).thenComparingLong(Delivery::order));
    private long deliveries;

    /** Whether strangers reach our main socket. */
    boolean open = true;

    /** Where those see our main socket who are asked by a ping_nat, if not where they say else. */
    @Nullable
    Endpoint natSees;

    private final boolean identifies;

    private record Delivery(long at, long order, Endpoint from, Reply reply, boolean sibling) {}

    static Setup setup() {
        return new Setup();
    }

    Bench(Setup setup) {
        size = setup.size;
        identifies = setup.identifies;
        machine = new Kademlia(now, setup.config, setup.surroundings(), setup.saved, setup.verified);
        drain();
    }

    /** These can be reached from now on. */
    Bench with(Peer... others) {
        for (Peer other : others) {
            peers.put(other.endpoint, other);
        }
        return this;
    }

    /** Lets time pass, in steps as a driver would. */
    void run(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            Delivery next = underWay.peek();
            long timer = machine.deadline();
            if (next != null && next.at <= end && next.at <= timer) {
                underWay.remove();
                now = Math.max(now, next.at);
                receive(next.from, next.reply, sizeOf(next.reply), next.sibling);
            } else if (timer <= end) {
                now = Math.max(now, timer);
                machine.advance(now);
                drain();
            } else {
                now = end;
                return;
            }
        }
    }

    void runMillis(long millis) {
        run(Duration.ofMillis(millis));
    }

    void receive(Endpoint from, Message message) {
        receive(from, message, sizeOf(message));
    }

    void receive(Endpoint from, Message message, int bytes) {
        receive(from, message, bytes, false);
    }

    private void receive(Endpoint from, Message message, int bytes, boolean sibling) {
        machine.receive(now, from, message, bytes, sibling);
        drain();
    }

    /** A message that comes in on the sibling socket. */
    void receiveOnSibling(Endpoint from, Message message) {
        receive(from, message, sizeOf(message), true);
    }

    /** There is a sibling socket, if the machine wants one. */
    Bench sibling() {
        if (machine.wantsSibling()) {
            machine.sibling(now);
        }
        return this;
    }

    /** A message that the wire cannot express, as other wires can, counts as a small one. */
    private int sizeOf(Message message) {
        try {
            return size.applyAsInt(message);
        } catch (IllegalArgumentException e) {
            return 100;
        }
    }

    /** A request of somebody; what we answer at once, null if nothing. */
    @Nullable
    Reply ask(Endpoint from, Request request) {
        int before = sent.size();
        receive(from, request);
        for (Effect.Send send : sent.subList(before, sent.size())) {
            if (send.to().equals(from) && send.message() instanceof Reply reply) {
                return reply;
            }
        }
        return null;
    }

    /** The same where an answer is certain. */
    Reply asked(Endpoint from, Request request) {
        Reply reply = ask(from, request);
        if (reply == null) {
            throw new AssertionError("no reply to " + request);
        }
        return reply;
    }

    long begin(org.dhtrpc.Query query, long demand) {
        long id = machine.query(now, query);
        return started(id, demand);
    }

    long beginClosest(org.dhtrpc.Query query, long demand) {
        long id = machine.closest(now, query);
        return started(id, demand);
    }

    private long started(long id, long demand) {
        if (demand > 0) {
            machine.demand(now, id, demand);
        }
        drain();
        return id;
    }

    void demand(long id, long n) {
        machine.demand(now, id, n);
        drain();
    }

    void cancel(long id) {
        machine.cancel(now, id, new DhtException(Reason.CANCELLED, "cancelled"));
        drain();
    }

    long ping(Peer peer) {
        return ping(peer.endpoint, Duration.ofSeconds(5));
    }

    long ping(Endpoint to, Duration timeout) {
        return request(to, Command.PING, timeout);
    }

    long request(Endpoint to, Command command, Duration timeout) {
        long id = machine.request(now, to, command, ID, null, null, timeout.toNanos(), null);
        drain();
        return id;
    }

    void bootstrap(Peer... nodes) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Peer node : nodes) {
            endpoints.add(node.endpoint);
        }
        machine.bootstrap(now, endpoints, List.of());
        drain();
    }

    void answer(Effect.Call call, int error, @Nullable Bytes value) {
        machine.answer(now, call.call(), error, value);
        drain();
    }

    void forward(Effect.Call call, Forward forward) {
        machine.forward(now, call.call(), forward);
        drain();
    }

    void punched(Effect.Punch punch, @Nullable Endpoint answering) {
        machine.punched(now, punch.punch(), answering);
        drain();
    }

    void close() {
        machine.close(now);
        drain();
    }

    List<Request> requests() {
        return sent.stream()
                .map(Effect.Send::message)
                .filter(Request.class::isInstance)
                .map(Request.class::cast)
                .toList();
    }

    List<Request> requestsTo(Endpoint to) {
        return sent.stream()
                .filter(send -> send.to().equals(to))
                .map(Effect.Send::message)
                .filter(Request.class::isInstance)
                .map(Request.class::cast)
                .toList();
    }

    List<Reply> replies() {
        return sent.stream()
                .map(Effect.Send::message)
                .filter(Reply.class::isInstance)
                .map(Reply.class::cast)
                .toList();
    }

    Request lastRequest() {
        List<Request> all = requests();
        return all.get(all.size() - 1);
    }

    Effect.Finished end(long operation) {
        Effect.Finished end = finished.get(operation);
        if (end == null) {
            throw new AssertionError("operation " + operation + " has not ended");
        }
        return end;
    }

    /** How an operation failed, null if it did not. */
    @Nullable
    Reason failure(long operation) {
        DhtException failure = answered.containsKey(operation)
                ? answeredOf(operation).failure()
                : end(operation).failure();
        return failure == null ? null : failure.reason();
    }

    /** How an operation was answered, which it was. */
    Effect.Answer answerTo(long operation) {
        Effect.Answer answer = answeredOf(operation).answer();
        if (answer == null) {
            throw new AssertionError("operation " + operation + " has failed");
        }
        return answer;
    }

    private Effect.Answered answeredOf(long operation) {
        Effect.Answered end = answered.get(operation);
        if (end == null) {
            throw new AssertionError("operation " + operation + " has not ended");
        }
        return end;
    }

    /** Whom a stranger is told of. */
    List<Contact> named() {
        Request anyone = new Request(7, null, HERE, Command.FIND_NODE, ID, null, null).withPadding(300);
        List<Contact> contacts = asked(Endpoint.parse("203.0.113.9:9"), anyone).contacts();
        if (contacts == null) {
            throw new AssertionError("no contacts");
        }
        return contacts;
    }

    List<Contact> contacts() {
        return machine.contacts(now).stream().map(KnownContact::contact).toList();
    }

    List<DhtState> states() {
        return joined.stream().map(Effect.Joined::state).toList();
    }

    long rejected(org.dhtrpc.Rejection reason) {
        return machine.stats().rejected().getOrDefault(reason, 0L);
    }

    void drain() {
        for (Effect effect = machine.poll(); effect != null; effect = machine.poll()) {
            effect.accept(this);
        }
    }

    @Override
    public void send(Effect.Send effect) {
        sent.add(effect);
        Peer peer = peers.get(effect.to());
        if (peer != null && effect.message() instanceof Request request) {
            peer.asked.add(request);
            if (!peer.dead && peer.deaf-- <= 0) {
                answer(peer, request, effect.sibling());
            }
        }
    }

    /** To where the question came from; but a ping_nat to the port that it names. */
    private void answer(Peer peer, Request request, boolean fromSibling) {
        int port = request.command().equals(Command.PING_NAT) ? Arguments.port(request.value()) : 0;
        boolean sibling = fromSibling && (port == 0 || peer.ignoresPort);
        if (port != 0 && (peer.unheard || (!sibling && !open))) {
            return;
        }
        Endpoint us = port != 0 && natSees != null ? natSees : peer.sees;
        Endpoint to = us == null || !sibling ? us : Endpoint.of(us.address(), SIBLING.port());
        long at = now + peer.latency.toNanos();
        underWay.add(new Delivery(at, deliveries++, peer.endpoint, peer.reply(request, to), sibling));
    }

    @Override
    public void deliver(Effect.Deliver effect) {
        results.add(effect.result());
        delivered.merge(effect.operation(), 1L, Long::sum);
    }

    @Override
    public void finished(Effect.Finished effect) {
        if (finished.put(effect.operation(), effect) != null) {
            throw new AssertionError("finished twice: " + effect);
        }
    }

    @Override
    public void answered(Effect.Answered effect) {
        if (answered.put(effect.operation(), effect) != null) {
            throw new AssertionError("answered twice: " + effect);
        }
    }

    @Override
    public void call(Effect.Call effect) {
        calls.add(effect);
    }

    @Override
    public void punch(Effect.Punch effect) {
        punches.add(effect);
    }

    @Override
    public void identify(Effect.Identify effect) {
        identified.add(effect.address());
        if (identifies) {
            machine.reidentify(now, Setup.boundId(effect.address()), effect.address());
        }
    }

    @Override
    public void locate(Effect.Locate effect) {
        located.add(now);
    }

    @Override
    public void joined(Effect.Joined effect) {
        joined.add(effect);
    }

    @Override
    public void publish(Effect.Publish effect) {
        events.add(effect.event());
    }
}
