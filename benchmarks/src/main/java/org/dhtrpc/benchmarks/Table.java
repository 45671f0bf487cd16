package org.dhtrpc.benchmarks;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.routing.ContactTable;
import org.dhtrpc.testkit.Oracle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The routing table, beside a scan of the contacts that it holds, and one of all that it was offered. */
@Command(
        name = "table",
        description = "The routing table, beside linear scans of the contacts that it holds and of all it was offered.",
        showDefaultValues = true,
        sortOptions = false)
final class Table implements Callable<Integer> {
    private static final int TARGETS = 4_096;
    private static final int CHECKED = 200;

    @Option(names = "--n", defaultValue = "10000", description = "Contacts that are offered.")
    private int contacts;

    @Option(names = "--seconds", defaultValue = "1", description = "Processor time for each figure.")
    private double seconds;

    @Mixin
    private Output output = new Output();

    private List<Key> targets = List.of();

    /** Nothing that was computed is thrown away unseen. */
    private int sum;

    @Override
    public Integer call() {
        output.require("--n", contacts, 1, 1_000_000);
        output.require("--seconds", seconds, 0.001, 600);
        Random random = new Random(11);
        Key self = Key.random(random);
        List<Contact> offered = IntStream.range(0, contacts)
                .mapToObj(i -> new Contact(
                        Key.random(random), Endpoint.of(new byte[] {10, 1, (byte) (i >> 8), (byte) i}, 1 + i % 65_535)))
                .toList();
        targets = Stream.generate(() -> Key.random(random)).limit(TARGETS).toList();

        ContactTable table = filled(ContactTable.ofNode(self), offered);
        // Only what all can do at once: a variant of the add that takes everything says nothing.
        output.print(figures("", table)
                .put("add_ns", add(() -> ContactTable.ofNode(self), offered), 1)
                .put("refresh_ns", refresh(table), 1));
        output.print(figures("scan-held", filled(new LinearScan(), table.held())));
        output.print(figures("scan-offered", filled(new LinearScan(), offered)));
        return 0;
    }

    private static ContactTable filled(ContactTable table, List<Contact> contacts) {
        contacts.forEach(table::add);
        return table;
    }

    private Json figures(String variant, ContactTable table) {
        Cost closest = Cost.of(
                seconds, i -> sum += table.closest(targets.get(i % TARGETS)).size());
        Oracle oracle = new Oracle(table.held());
        double recall = 0;
        double exact = 0;
        for (Key target : targets.subList(0, CHECKED)) {
            List<Contact> truth = oracle.nearest(target, ContactTable.K);
            List<Contact> found = table.closest(target);
            recall += Oracle.recall(truth, found) / CHECKED;
            exact += truth.equals(found) ? 1.0 / CHECKED : 0;
        }
        return Json.result("table", variant)
                .put("n", contacts)
                .put("held", table.held().size())
                .put("closest20_ns", closest.nanos(), 1)
                .put("alloc_b", closest.bytes(), 1)
                .put("recall20", recall, 4)
                .put("exact_order", exact, 3);
    }

    /** Fills fresh tables, one after the other. */
    private double add(Supplier<ContactTable> fresh, List<Contact> offered) {
        ContactTable[] table = {fresh.get()};
        return Cost.of(seconds, i -> {
                    if (i % contacts == 0) {
                        table[0] = fresh.get();
                    }
                    table[0].add(offered.get(i % contacts));
                })
                .nanos();
    }

    private double refresh(ContactTable table) {
        List<Contact> held = table.held();
        return Cost.of(seconds, i -> table.add(held.get(i % held.size()))).nanos();
    }
}
