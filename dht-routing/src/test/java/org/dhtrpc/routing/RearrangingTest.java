package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

/** A table around another id, and what else it says of those who were heard of last. */
class RearrangingTest {
    private static final Key OLD = Bench.ID;

    /** All that is near the old one is in its first bucket. */
    private static final Key NEW = OLD.randomInBucket(0, new Random(1));

    private static final long SECOND = 1_000_000_000L;

    private final List<DhtEvent> events = new ArrayList<>();
    private final RoutingTable table = new RoutingTable(OLD, 4, SubnetLimit.UNLIMITED, 0, events::add);

    /** A contact that is in this bucket of the new id. */
    private static Contact near(int bucket, int number) {
        return new Contact(NEW.randomInBucket(bucket, new Random(number)), Peer.endpoint(number));
    }

    private Contact add(long now, Contact contact, long roundTrip) {
        table.verified(now, contact, roundTrip);
        return contact;
    }

    private List<Contact> all() {
        return table.export(0).stream().map(KnownContact::contact).toList();
    }

    private List<Contact> removed() {
        return events.stream()
                .filter(DhtEvent.ContactRemoved.class::isInstance)
                .map(event -> ((DhtEvent.ContactRemoved) event).contact())
                .toList();
    }

    /** Live contacts that fill a bucket of the new id, and lie in different ones of the old. */
    private List<Contact> crowd(int count) {
        List<Contact> crowd = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            crowd.add(add(0, new Contact(OLD.randomInBucket(1 + i / 3, new Random(i)), Peer.endpoint(i)), -1));
        }
        assertThat(table.size()).isEqualTo(count);
        return crowd;
    }

    @Test
    void those_who_fit_stay_with_their_ages_and_round_trips() {
        for (int i = 0; i < 12; i++) {
            add(i * SECOND, near(i % 6, i), i % 3 == 0 ? -1 : i * 1_000_000L);
        }
        Map<Contact, KnownContact> before = new HashMap<>();
        table.export(60 * SECOND).forEach(known -> before.put(known.contact(), known));
        events.clear();
        table.rearrange(NEW);
        assertThat(table.consistent()).isTrue();
        assertThat(table.export(60 * SECOND)).containsExactlyInAnyOrderElementsOf(before.values());
        assertThat(events).isEmpty();
        assertThat(table.closest(NEW, 1, null).get(0).id())
                .isEqualTo(before.keySet().stream()
                        .map(Contact::id)
                        .min(NEW::compareDistance)
                        .orElseThrow());
    }

    @Test
    void the_live_come_before_the_stale_and_who_finds_no_place_leaves() {
        List<Contact> crowd = crowd(7);
        for (int i = 0; i < 5; i++) {
            table.failed(crowd.get(i).endpoint(), true);
        }
        events.clear();
        table.rearrange(NEW);
        assertThat(table.consistent()).isTrue();
        assertThat(table.size()).isEqualTo(4);
        assertThat(all()).contains(crowd.get(5), crowd.get(6));
        assertThat(table.live()).isEqualTo(2);
        assertThat(removed()).hasSize(3).allMatch(crowd.subList(0, 5)::contains);
        assertThat(events).hasSize(3);
    }

    @Test
    void whoever_has_our_new_id_leaves() {
        Contact impostor = add(0, new Contact(NEW, Peer.endpoint(1)), -1);
        events.clear();
        table.rearrange(NEW);
        assertThat(table.size()).isZero();
        assertThat(removed()).containsExactly(impostor);
        table.verified(0, impostor, -1);
        assertThat(table.size()).isZero();
    }

    @Test
    void whoever_has_our_old_id_is_somebody_else_now() {
        table.rearrange(NEW);
        add(0, new Contact(OLD, Peer.endpoint(1)), -1);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void the_same_id_changes_nothing() {
        crowd(6);
        List<Contact> before = all();
        events.clear();
        table.rearrange(OLD);
        assertThat(all()).isEqualTo(before);
        assertThat(events).isEmpty();
    }

    @Test
    void a_subnet_keeps_to_its_limit_in_the_new_buckets() {
        RoutingTable limited = new RoutingTable(OLD, 4, new SubnetLimit(1, 9), 0, events::add);
        for (int bucket = 1; bucket <= 3; bucket++) {
            Endpoint endpoint = Endpoint.of(new byte[] {(byte) 198, 51, 100, (byte) bucket}, 4_000);
            limited.verified(0, new Contact(OLD.randomInBucket(bucket, new Random(bucket)), endpoint), -1);
        }
        assertThat(limited.size()).isEqualTo(3);
        limited.rearrange(NEW);
        assertThat(limited.size()).isEqualTo(1);
        assertThat(limited.consistent()).isTrue();
        assertThat(removed()).hasSize(2);
    }

    @Test
    void random_tables_are_as_consistent_as_before() {
        Seeded.rounds(100, random -> {
            List<DhtEvent> published = new ArrayList<>();
            RoutingTable real = new RoutingTable(OLD, 3, SubnetLimit.UNLIMITED, 0, published::add);
            List<Contact> expected = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                real.verified(
                        i,
                        new Contact(OLD.randomInBucket(random.nextInt(8), random), Peer.endpoint(i)),
                        random.nextInt(3) - 1);
                if (random.nextInt(3) == 0) {
                    real.failed(Peer.endpoint(random.nextInt(40)), random.nextBoolean());
                }
            }
            for (int i = 0; i < 3; i++) {
                Key id = random.nextInt(3) == 0 && real.size() > 0
                        ? real.export(0).get(0).contact().id()
                        : Key.random(random);
                real.rearrange(id);
                assertThat(real.consistent()).isTrue();
                assertThat(real.export(0))
                        .noneMatch(known -> known.contact().id().equals(id));
            }
            for (DhtEvent event : published) {
                if (event instanceof DhtEvent.ContactAdded added) {
                    expected.add(added.contact());
                } else if (event instanceof DhtEvent.ContactRemoved gone) {
                    assertThat(expected.remove(gone.contact())).isTrue();
                }
            }
            assertThat(real.export(0).stream().map(KnownContact::contact).toList())
                    .containsExactlyInAnyOrderElementsOf(expected);
        });
    }

    @Test
    void the_latest_are_the_live_ones_that_were_heard_of_last() {
        List<Contact> contacts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            contacts.add(add(i * SECOND, near(i, i), -1));
        }
        table.verified(9 * SECOND, contacts.get(1), -1);
        table.failed(contacts.get(5).endpoint(), true);
        assertThat(table.latest(3)).containsExactly(contacts.get(1), contacts.get(4), contacts.get(3));
        assertThat(table.latest(100)).hasSize(5).doesNotContain(contacts.get(5));
        assertThat(table.latest(0)).isEmpty();
    }

    @Test
    void who_is_silent_since_then_is_a_live_contact_that_was_not_heard_of_afterwards() {
        Contact contact = add(10 * SECOND, near(2, 1), -1);
        assertThat(table.silentSince(contact.endpoint(), 10 * SECOND)).isEqualTo(contact);
        assertThat(table.silentSince(contact.endpoint(), 20 * SECOND)).isEqualTo(contact);
        assertThat(table.silentSince(
                        contact.endpoint(), 10 * SECOND - Duration.ofMillis(20).toNanos()))
                .isNull();
        assertThat(table.silentSince(Peer.endpoint(2), 20 * SECOND)).isNull();
        table.failed(contact.endpoint(), true);
        assertThat(table.silentSince(contact.endpoint(), 20 * SECOND)).isNull();
    }
}
