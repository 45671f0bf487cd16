package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;

/** What holds in every network of nodes that are in order, whatever befalls it. Of one run. */
final class Invariants {
    private static final Duration LONGEST_OPERATION = Duration.ofMinutes(2);
    private static final Duration RECOVERY = Duration.ofMinutes(10);
    private static final double RECALL = 0.9;
    private static final int BUCKET = 20;
    private static final int TABLES = 10;

    /** Tables that were asked for, and whose. */
    private final List<Asked> asked = new ArrayList<>();

    private record Asked(Key id, CompletableFuture<List<KnownContact>> table) {}

    List<Check> checks() {
        return List.of(
                Check.every(Duration.ofSeconds(10), "operations end", this::operationsEnd),
                Check.every(Duration.ofSeconds(10), "tables are sound", this::tablesAreSound),
                Check.eventually(RECOVERY, "everybody joins", this::everybodyJoins),
                Check.eventually(RECOVERY, "the nearest are found", this::theNearestAreFound));
    }

    private void operationsEnd(World world) {
        Duration oldest = world.oldestOperation();
        if (oldest.compareTo(LONGEST_OPERATION) > 0) {
            throw new AssertionError("an operation has been under way for " + oldest);
        }
    }

    /** Looks at the tables that were asked for the last time, since they come later, and asks for others. */
    private void tablesAreSound(World world) {
        for (Asked table : asked) {
            if (table.table.isDone() && !table.table.isCompletedExceptionally()) {
                sound(table.id, table.table.join());
            }
        }
        asked.clear();
        RandomGenerator random =
                world.network().random("tables", world.elapsed().toNanos());
        for (int i = 0; i < TABLES; i++) {
            Resident resident = world.residents().pick(random, other -> !other.captured() && !other.paused());
            if (resident != null) {
                asked.add(new Asked(resident.host().id(), resident.node().contacts()));
            }
        }
    }

    private static void sound(Key id, List<KnownContact> table) {
        Set<Key> ids = new HashSet<>();
        int[] buckets = new int[Key.BITS + 1];
        for (KnownContact known : table) {
            Contact contact = known.contact();
            if (contact.id().equals(id)) {
                throw new AssertionError("the node " + id + " has itself in its table");
            }
            if (!ids.add(contact.id())) {
                throw new AssertionError("the node " + id + " has " + contact + " twice in its table");
            }
            buckets[id.commonPrefix(contact.id())]++;
        }
        for (int i = 0; i < buckets.length; i++) {
            if (buckets[i] > BUCKET) {
                throw new AssertionError("bucket " + i + " of the node " + id + " has " + buckets[i] + " contacts");
            }
        }
    }

    private void everybodyJoins(World world) {
        List<Resident> waiting = world.residents().honest().stream()
                .filter(resident -> !resident.joined() && !resident.mute())
                .toList();
        if (!waiting.isEmpty()) {
            throw new AssertionError(waiting.size() + " nodes have not joined, " + waiting.get(0) + " among them");
        }
    }

    private void theNearestAreFound(World world) {
        double recall = world.clients().recentRecall();
        if (recall < RECALL && world.residents().living().stream().anyMatch(resident -> !resident.mute())) {
            throw new AssertionError(String.format(Locale.ROOT, "of the nearest they find %.3f", recall));
        }
    }
}
