package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
    private static final Key SELF = Bench.ID;

    private final List<DhtEvent> events = new ArrayList<>();
    private final RoutingTable table = new RoutingTable(SELF, 4, SubnetLimit.UNLIMITED, 0, events::add);

    /** A contact of a bucket, with an address of its own. */
    private static Contact contact(int bucket, int number) {
        return new Contact(SELF.randomInBucket(bucket, new Random(number)), Peer.endpoint(number));
    }

    private Contact add(Contact contact) {
        table.verified(0, contact, -1);
        return contact;
    }

    private List<Contact> all() {
        return table.closest(SELF, 1_000, null);
    }

    @Test
    void a_full_bucket_takes_nobody_while_its_contacts_are_live() {
        List<Contact> first = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            first.add(add(contact(3, i)));
        }
        Contact late = contact(3, 9);
        assertThat(table.wants(late)).isFalse();
        add(late);
        assertThat(all()).containsExactlyInAnyOrderElementsOf(first);
        add(contact(2, 10));
        assertThat(table.size()).isEqualTo(5);
    }

    @Test
    void a_stale_contact_keeps_its_place_until_somebody_wants_it() {
        Contact silent = add(contact(3, 0));
        for (int i = 1; i < 4; i++) {
            add(contact(3, i));
        }
        assertThat(table.failed(silent.endpoint(), true)).isEqualTo(silent);
        assertThat(all()).hasSize(3).doesNotContain(silent);
        assertThat(table.size()).isEqualTo(4);
        assertThat(table.live()).isEqualTo(3);
        assertThat(table.stale(9)).containsExactly(silent);

        Contact late = add(contact(3, 9));
        assertThat(all()).hasSize(4).contains(late);
        assertThat(table.stale(9)).isEmpty();
        assertThat(events).endsWith(new DhtEvent.ContactRemoved(silent), new DhtEvent.ContactAdded(late));
    }

    private static final Reach EVERYWHERE = new Reach(
            new Identity(SELF, Bench.HERE, null, false), endpoint -> true, endpoint -> endpoint.port() != 999);

    @Test
    void a_table_is_filled_as_far_as_there_is_room_with_those_who_came_first_in_each_bucket() {
        List<Contact> crowd = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            crowd.add(contact(new int[] {7, 0, 3}[i % 3], i));
        }
        table.load(0, crowd, EVERYWHERE);
        assertThat(table.consistent()).isTrue();
        assertThat(all()).containsExactlyInAnyOrderElementsOf(crowd.subList(0, 12));
        assertThat(events).isEmpty();
        add(contact(4, 60));
        assertThat(table.consistent()).isTrue();
        assertThat(table.size()).isEqualTo(13);
    }

    @Test
    void a_table_is_not_filled_with_ourselves_nor_with_those_we_cannot_or_will_not_reach() {
        Contact other = contact(3, 1);
        table.load(
                0,
                List.of(
                        new Contact(SELF, Peer.endpoint(2)),
                        new Contact(contact(3, 3).id(), Bench.HERE),
                        new Contact(contact(3, 4).id(), Endpoint.parse("192.0.2.4:999")),
                        other),
                EVERYWHERE);
        assertThat(all()).containsExactly(other);
    }

    @Test
    void of_two_with_one_id_or_one_endpoint_a_table_is_filled_with_one() {
        Contact first = contact(3, 1);
        Contact second = contact(0, 2);
        table.load(
                0,
                List.of(
                        first,
                        new Contact(first.id(), Peer.endpoint(9)),
                        second,
                        new Contact(contact(5, 3).id(), second.endpoint())),
                EVERYWHERE);
        assertThat(all()).containsExactlyInAnyOrder(first, second);
        assertThat(table.consistent()).isTrue();
    }

    @Test
    void of_the_nearest_everybody_is_wanted_and_of_those_farther_away_half_as_many() {
        Contact late = contact(3, 9);
        for (int i = 0; i < 3; i++) {
            add(contact(3, i));
            assertThat(table.enough(3)).as("%s of the nearest", i + 1).isFalse();
            assertThat(table.wants(late)).isTrue();
        }
        add(contact(4, 3));
        assertThat(table.enough(3)).as("3 others, and k that are as near").isTrue();
        assertThat(table.wants(late)).isFalse();

        table.failed(Peer.endpoint(1), true);
        assertThat(table.enough(3)).as("k / 2 live ones").isTrue();
        table.failed(Peer.endpoint(2), true);
        assertThat(table.enough(3)).as("one live one").isFalse();
        assertThat(table.wants(late)).isTrue();
        assertThat(add(late)).as("who is met by chance").isIn(all());
    }

    @Test
    void a_stale_contact_is_live_again_after_a_round_trip() {
        Contact contact = add(contact(3, 0));
        table.failed(contact.endpoint(), true);
        add(contact);
        assertThat(all()).containsExactly(contact);
        assertThat(table.failed(contact.endpoint(), true)).isEqualTo(contact);
    }

    @Test
    void a_contact_leaves_after_its_second_certain_failure() {
        Contact contact = add(contact(3, 0));
        assertThat(table.failed(contact.endpoint(), false)).isEqualTo(contact);
        assertThat(table.failed(contact.endpoint(), false)).isEqualTo(contact);
        assertThat(table.failed(contact.endpoint(), true)).isNull();
        assertThat(table.size()).isZero();
        assertThat(events).containsExactly(new DhtEvent.ContactAdded(contact), new DhtEvent.ContactRemoved(contact));
    }

    @Test
    void our_own_id_never_enters() {
        Contact own = new Contact(SELF, Peer.endpoint(1));
        assertThat(table.wants(own)).isFalse();
        add(own);
        assertThat(table.size()).isZero();
    }

    @Test
    void one_endpoint_has_one_entry_that_of_its_latest_id() {
        Contact former = add(contact(3, 0));
        Contact latter = add(new Contact(contact(5, 77).id(), former.endpoint()));
        assertThat(all()).containsExactly(latter);
    }

    @Test
    void an_id_cannot_be_taken_over_while_its_holder_is_live() {
        Contact holder = add(contact(3, 0));
        Contact thief = new Contact(holder.id(), Peer.endpoint(99));
        assertThat(table.wants(thief)).isFalse();
        add(thief);
        assertThat(all()).containsExactly(holder);
        table.failed(holder.endpoint(), true);
        assertThat(table.wants(thief)).isTrue();
        add(thief);
        assertThat(all()).containsExactly(thief);
    }

    @Test
    void who_takes_over_the_id_of_a_stale_contact_gives_up_its_own_former_one() {
        Contact stale = add(contact(3, 0));
        Contact former = add(contact(5, 1));
        table.failed(stale.endpoint(), true);
        Contact moved = add(new Contact(stale.id(), former.endpoint()));
        assertThat(all()).containsExactly(moved);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void who_claims_the_id_of_a_live_contact_loses_the_place_of_its_own_former_one() {
        Contact holder = add(contact(3, 0));
        Contact former = add(contact(5, 1));
        add(new Contact(holder.id(), former.endpoint()));
        assertThat(all()).containsExactly(holder);
    }

    @Test
    void ages_and_round_trip_times_are_exported() {
        Contact contact = contact(3, 0);
        long second = Duration.ofSeconds(1).toNanos();
        table.verified(second, contact, Duration.ofMillis(80).toNanos());
        table.verified(2 * second, contact, Duration.ofMillis(160).toNanos());
        table.verified(3 * second, contact, -1);
        assertThat(table.export(10 * second)).singleElement().satisfies(known -> {
            assertThat(known.contact()).isEqualTo(contact);
            assertThat(known.age()).isEqualTo(Duration.ofSeconds(7));
            assertThat(known.roundTripTime()).isEqualTo(Duration.ofMillis(90));
        });
    }

    @Test
    void the_oldest_come_first_also_after_weeks_when_the_ticks_have_wrapped() {
        long weeks = Duration.ofMillis(Integer.MAX_VALUE).toNanos();
        Contact older = contact(3, 0);
        Contact newer = contact(2, 1);
        Contact newest = contact(1, 2);
        table.verified(weeks + Duration.ofSeconds(9).toNanos(), newest, -1);
        table.verified(weeks + Duration.ofSeconds(1).toNanos(), newer, -1);
        table.verified(weeks - Duration.ofSeconds(1).toNanos(), older, -1);
        long since = weeks + Duration.ofSeconds(5).toNanos();
        assertThat(table.oldest(3, since, contact -> false)).containsExactly(older, newer);
        assertThat(table.oldest(1, since, contact -> false)).containsExactly(older);
        assertThat(table.oldest(1, since, older::equals)).containsExactly(newer);
    }

    @Test
    void the_stale_are_not_among_the_oldest() {
        Contact silent = add(contact(3, 0));
        Contact live = add(contact(2, 1));
        table.failed(silent.endpoint(), true);
        assertThat(table.oldest(2, 0, contact -> false)).containsExactly(live);
    }

    @Test
    void the_deepest_bucket_that_may_lack_somebody_is_that_of_the_kth_nearest() {
        assertThat(table.deepestIncomplete()).isEqualTo(-1);
        add(contact(9, 0));
        add(contact(7, 1));
        add(contact(5, 2));
        assertThat(table.deepestIncomplete()).isEqualTo(-1);
        add(contact(2, 3));
        add(contact(0, 4));
        assertThat(table.deepestIncomplete()).isEqualTo(2);
        assertThat(SELF.commonPrefix(table.randomIn(2, new Random(1)))).isEqualTo(2);
    }

    @Test
    void closest_is_exact_and_sorted_for_every_target() {
        Random random = new Random(11);
        int cases = 0;
        for (int round = 0; round < 200; round++) {
            Key self = Key.random(random);
            RoutingTable large = new RoutingTable(self, 1 + random.nextInt(20), SubnetLimit.UNLIMITED, 0, event -> {});
            List<Contact> entries = filled(large, self, random);
            for (Key target : targets(self, entries, random)) {
                int count = 1 + random.nextInt(25);
                Endpoint except = random.nextBoolean() || entries.isEmpty()
                        ? null
                        : entries.get(0).endpoint();
                List<Contact> expected = entries.stream()
                        .filter(contact -> !contact.endpoint().equals(except))
                        .sorted(Comparator.comparing(contact -> target.distance(contact.id())))
                        .limit(count)
                        .toList();
                assertThat(large.closest(target, count, except)).isEqualTo(expected);
                cases++;
            }
        }
        assertThat(cases).isGreaterThan(5_000);
    }

    /** Fills a table, mostly with keys near its own, and returns those that are in it and live. */
    private static List<Contact> filled(RoutingTable table, Key self, Random random) {
        int size = random.nextInt(300);
        for (int i = 0; i < size; i++) {
            int bucket = random.nextBoolean() ? random.nextInt(8) : random.nextInt(256);
            table.verified(0, new Contact(self.randomInBucket(bucket, random), Peer.endpoint(i)), -1);
            if (random.nextInt(10) == 0) {
                table.failed(Peer.endpoint(random.nextInt(i + 1)), true);
            }
        }
        List<Contact> stale = table.stale(1_000);
        return table.export(0).stream()
                .map(known -> known.contact())
                .filter(contact -> !stale.contains(contact))
                .toList();
    }

    private static List<Key> targets(Key self, List<Contact> entries, Random random) {
        List<Key> targets = new ArrayList<>(List.of(self, Key.random(random), Key.ZERO));
        for (int i = 0; i < 12; i++) {
            targets.add(self.randomInBucket(random.nextInt(256), random));
            byte[] flipped = self.toByteArray();
            int bit = random.nextInt(256);
            flipped[bit / 8] ^= (byte) (0x80 >> bit % 8);
            targets.add(Key.of(flipped));
            if (!entries.isEmpty()) {
                targets.add(entries.get(random.nextInt(entries.size())).id());
            }
        }
        return targets;
    }
}
