package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoutingTableModelTest {
    private static final Key SELF = Bench.ID;

    @Test
    void random_operations_agree_with_a_simple_model() {
        Seeded.rounds(20, random -> {
            Model model = new Model();
            RoutingTable real = new RoutingTable(SELF, 4, SubnetLimit.UNLIMITED, 0, event -> {});
            for (int step = 0; step < 500; step++) {
                Endpoint endpoint = Peer.endpoint(random.nextInt(30));
                Contact contact =
                        new Contact(SELF.randomInBucket(random.nextInt(5), new Random(random.nextInt(8))), endpoint);
                if (random.nextInt(3) == 0) {
                    boolean certain = random.nextBoolean();
                    assertThat(real.failed(endpoint, certain)).isEqualTo(model.failed(endpoint, certain));
                } else {
                    assertThat(real.wants(contact)).isEqualTo(model.wants(contact));
                    real.verified(0, contact, -1);
                    model.verified(contact);
                }
                assertThat(real.consistent()).isTrue();
                assertThat(real.size()).isEqualTo(model.entries.size());
                assertThat(real.live()).isEqualTo(model.live().size());
                Key target = random.nextInt(4) == 0 ? Key.random(random) : SELF.randomInBucket(step % 8, random);
                int count = 1 + random.nextInt(20);
                assertThat(real.closest(target, count, endpoint)).isEqualTo(model.closest(target, count, endpoint));
            }
        });
    }

    /** What the table should be: a plain list, and the rules in words. */
    private static final class Model {
        private static final class Entry {
            private final Contact contact;
            private boolean stale;

            Entry(Contact contact) {
                this.contact = contact;
            }
        }

        private final List<Entry> entries = new ArrayList<>();

        private static int bucket(Contact contact) {
            return SELF.commonPrefix(contact.id());
        }

        private List<Entry> sameBucket(Contact contact) {
            return entries.stream()
                    .filter(entry -> bucket(entry.contact) == bucket(contact))
                    .toList();
        }

        private List<Entry> sameId(Contact contact) {
            return entries.stream()
                    .filter(entry -> entry.contact.id().equals(contact.id()))
                    .toList();
        }

        boolean wants(Contact contact) {
            if (!sameId(contact).isEmpty()) {
                return sameId(contact).get(0).stale;
            }
            long asNear = entries.stream()
                    .filter(entry -> bucket(entry.contact) >= bucket(contact))
                    .count();
            return sameBucket(contact).stream().filter(entry -> !entry.stale).count() < (asNear < 4 ? 4 : 2);
        }

        void verified(Contact contact) {
            for (Entry holder : sameId(contact)) {
                if (holder.contact.equals(contact)) {
                    holder.stale = false;
                    return;
                }
                if (!holder.stale) {
                    entries.removeIf(entry -> entry.contact.endpoint().equals(contact.endpoint()));
                    return;
                }
                entries.remove(holder);
            }
            entries.removeIf(entry -> entry.contact.endpoint().equals(contact.endpoint()));
            if (sameBucket(contact).size() == 4) {
                sameBucket(contact).stream()
                        .filter(entry -> entry.stale)
                        .findFirst()
                        .ifPresent(entries::remove);
            }
            if (sameBucket(contact).size() < 4) {
                entries.add(new Entry(contact));
            }
        }

        @Nullable
        Contact failed(Endpoint endpoint, boolean certain) {
            for (Entry entry : entries) {
                if (entry.contact.endpoint().equals(endpoint)) {
                    if (entry.stale && certain) {
                        entries.remove(entry);
                        return null;
                    }
                    entry.stale = true;
                    return entry.contact;
                }
            }
            return null;
        }

        List<Contact> live() {
            return entries.stream()
                    .filter(entry -> !entry.stale)
                    .map(entry -> entry.contact)
                    .toList();
        }

        List<Contact> closest(Key target, int count, Endpoint except) {
            return live().stream()
                    .filter(contact -> !contact.endpoint().equals(except))
                    .sorted(Comparator.comparing(contact -> target.distance(contact.id())))
                    .limit(count)
                    .toList();
        }
    }
}
