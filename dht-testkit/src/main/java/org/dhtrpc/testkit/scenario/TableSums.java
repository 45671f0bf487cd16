package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.testkit.report.Bucket;

/** What some tables have in them, by bucket. */
final class TableSums {
    private final Residents residents;
    private final int[] contacts = new int[Key.BITS + 1];
    private final int[] stale = new int[Key.BITS + 1];
    private int tables;

    TableSums(Residents residents) {
        this.residents = residents;
    }

    void add(Key id, List<KnownContact> table) {
        tables++;
        for (KnownContact known : table) {
            Contact contact = known.contact();
            int bucket = id.commonPrefix(contact.id());
            contacts[bucket]++;
            stale[bucket] += residents.lives(contact) ? 0 : 1;
        }
    }

    /** In one table, in the mean. */
    double contacts() {
        return tables == 0 ? 0 : (double) sum(contacts) / tables;
    }

    /** Which share of the contacts is gone. */
    double stale() {
        return sum(contacts) == 0 ? 0 : (double) sum(stale) / sum(contacts);
    }

    private static int sum(int[] counts) {
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }

    void clear() {
        Arrays.fill(contacts, 0);
        Arrays.fill(stale, 0);
        tables = 0;
    }

    List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < contacts.length; i++) {
            if (contacts[i] > 0) {
                buckets.add(new Bucket(i, (double) contacts[i] / tables, (double) stale[i] / contacts[i]));
            }
        }
        return buckets;
    }
}
