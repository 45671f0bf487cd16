package org.dhtrpc.interop;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Forward;
import org.dhtrpc.IncomingQuery;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.Registration;
import org.jspecify.annotations.Nullable;

/** A node of ours with the application that the agents' nodes have too. */
final class JavaNode {
    final Dht dht;
    final Queue<IncomingQuery> calls = new ConcurrentLinkedQueue<>();
    private final Map<Key, Bytes> values = new ConcurrentHashMap<>();
    private final Map<Key, Integer> commits = new ConcurrentHashMap<>();

    JavaNode(Dht dht, Wires wire) {
        this.dht = dht;
        dht.onClosest(wire.store, this::commit);
        dht.onQuery(wire.store, query -> {
            calls.add(query);
            return query.target() == null ? null : values.get(query.target());
        });
        dht.onClosest(wire.echo, this::echo);
        dht.onQuery(wire.echo, this::echo);
        dht.onQuery(wire.fail, query -> {
            Bytes code = query.value();
            throw DhtException.refused(code == null ? 16 : Integer.parseInt(code.utf8()));
        });
        if (wire == Wires.DHT_RPC_6) {
            dht.onForward(Wires.RELAY, JavaNode::forward);
        }
    }

    /** "relay ADDRESS TEXT" goes on there, as "answer ASKER TEXT", whose receiver answers the asker. Each adds itself. */
    private static Forward forward(IncomingQuery query) {
        String[] words = Objects.requireNonNull(query.value()).utf8().split(" ", 3);
        Endpoint whom = Endpoint.parse(words[1]);
        return words[0].equals("relay")
                ? Forward.relay(whom, Bytes.utf8("answer " + query.from() + " " + words[2] + " relayed"))
                : Forward.answer(whom, Bytes.utf8(words[2] + " answered"));
    }

    private @Nullable Bytes commit(IncomingQuery query) {
        calls.add(query);
        Key target = query.target();
        Bytes value = query.value();
        if (target != null && value != null) {
            values.put(target, value);
            commits.merge(target, 1, Integer::sum);
        }
        return value;
    }

    private @Nullable Bytes echo(IncomingQuery query) {
        calls.add(query);
        return query.value();
    }

    Endpoint address() {
        return dht.localAddress();
    }

    Key id() {
        return dht.id();
    }

    /** How many commits it has had for a target. */
    int commits(Key target) {
        return commits.getOrDefault(target, 0);
    }

    /** The addresses in the routing table. */
    Set<Endpoint> contacts() {
        return addresses(Lab.await(dht.contacts()));
    }

    /** Waits until all these are in the routing table. */
    void lists(Endpoint... who) {
        awaitContacts(contacts -> contacts.containsAll(List.of(who)));
    }

    /** Waits until none of these is. */
    void drops(Endpoint... who) {
        awaitContacts(contacts -> {
            Set<Endpoint> left = new HashSet<>(contacts);
            left.retainAll(List.of(who));
            return left.isEmpty();
        });
    }

    private void awaitContacts(Predicate<Set<Endpoint>> holds) {
        CompletableFuture<Boolean> held = new CompletableFuture<>();
        Runnable look = () -> dht.contacts().thenAccept(contacts -> {
            if (holds.test(addresses(contacts))) {
                held.complete(true);
            }
        });
        Registration listening = dht.onEvent(event -> {
            if (event instanceof DhtEvent.ContactAdded || event instanceof DhtEvent.ContactRemoved) {
                look.run();
            }
        });
        look.run();
        Lab.await(held);
        listening.close();
    }

    private static Set<Endpoint> addresses(List<KnownContact> contacts) {
        return contacts.stream().map(each -> each.contact().endpoint()).collect(Collectors.toSet());
    }
}
