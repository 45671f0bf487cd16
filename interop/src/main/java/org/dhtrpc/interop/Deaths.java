package org.dhtrpc.interop;

import static org.dhtrpc.interop.InteropCase.onBoth;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.interop.JsNode.Outcome;
import org.dhtrpc.interop.Lab.Mixed;

/** Half of a network dies without a word, and the other half goes on. */
final class Deaths {
    /** How many of the 19 others a lookup of ours finds at least, right after half of the network has died. */
    private static final int FEWEST = 12;

    /** One of the package's. */
    private static final int FEWEST_OF_THEIRS = 5;

    private static final Key NEW = Key.hashOf(Bytes.utf8("after the end"));

    private Deaths() {}

    static Stream<InteropCase> cases() {
        return Stream.of(
                        onBoth("20 Java nodes go on when the 20 JavaScript nodes are killed", 60, Deaths::ofJs),
                        onBoth("20 JavaScript nodes go on when the 20 Java nodes are gone", 60, Deaths::ofJava))
                .flatMap(cases -> cases);
    }

    private static List<Bytes> store(Lab lab, Mixed network) {
        List<Bytes> values =
                IntStream.range(0, 6).mapToObj(i -> Bytes.utf8("value " + i)).toList();
        for (int i = 0; i < values.size(); i++) {
            Bytes value = values.get(i);
            Key key = Key.hashOf(value);
            if (i % 2 == 0) {
                JavaNode java = network.java().get(i);
                Lab.await(java.dht
                        .closest(Query.of(lab.wire.store, key).value(value))
                        .results());
            } else {
                Lab.await(network.js().get(i).commit(lab.wire.store, key, value));
            }
        }
        return values;
    }

    private static void ofJs(Lab lab) {
        Mixed network = lab.mixed(20, 20);
        List<Bytes> values = store(lab, network);
        lab.agent.close();
        Mixed left = new Mixed(network.java(), List.of());

        List<CompletableFuture<Optional<QueryResult>>> finds = IntStream.range(0, values.size())
                .mapToObj(i -> find(lab, left.java().get(i + 10), Key.hashOf(values.get(i))))
                .toList();
        for (int i = 0; i < values.size(); i++) {
            Bytes found = Lab.await(finds.get(i)).map(QueryResult::value).orElse(null);
            Check.equal(values.get(i), found, "what is found");
        }
        JavaNode java = left.java().get(7);
        // Half of what replies name is dead, which hides some of the living for a while.
        int found = search(java).size();
        lab.note("the first lookup finds " + found + " of " + (left.java().size() - 1));
        Check.that(found >= FEWEST, "A lookup finds no more");
        Lab.await(java.dht
                .closest(Query.of(lab.wire.store, NEW).value(values.get(0)))
                .results());
        List<Endpoint> holders = left.holders(NEW);
        lab.note("a new value is on " + holders.size());
        Check.that(holders.size() >= FEWEST, "A new value is on no more than " + holders.size());
        Check.equal(
                values.get(0),
                Lab.await(find(lab, left.java().get(8), NEW))
                        .map(QueryResult::value)
                        .orElse(null),
                "what is found");
    }

    private static CompletableFuture<Optional<QueryResult>> find(Lab lab, JavaNode java, Key target) {
        return java.dht.query(Query.of(lab.wire.store, target)).first(result -> result.value() != null);
    }

    private static List<Endpoint> search(JavaNode java) {
        QueryStream search = java.dht.findNode(NEW);
        Lab.await(search.results());
        return Lab.await(search.summary()).closest().stream()
                .map(Contact::endpoint)
                .toList();
    }

    private static void ofJava(Lab lab) {
        Mixed network = lab.mixed(20, 20);
        List<Bytes> values = store(lab, network);
        network.java().forEach(node -> node.dht.close());
        Mixed left = new Mixed(List.of(), network.js());

        List<CompletableFuture<Outcome>> searches = IntStream.range(0, values.size())
                .mapToObj(i -> left.js().get(i + 10).find(Key.hashOf(values.get(i))))
                .toList();
        for (int i = 0; i < values.size(); i++) {
            Check.that(Lab.await(searches.get(i)).values().contains(values.get(i)), "Value " + i + " is not found");
        }
        JsNode js = left.js().get(7);
        Outcome outcome = Lab.await(js.commit(lab.wire.store, NEW, values.get(0)));
        // The package keeps the dead in its tables for longer, and they hide some of the living.
        lab.note("the first lookup finds " + outcome.closest().size() + " of "
                + (left.js().size() - 1));
        Check.that(outcome.closest().size() >= FEWEST_OF_THEIRS, "A lookup finds no more");
        Check.same(outcome.closest(), left.holders(NEW), "who holds a new value");
    }
}
