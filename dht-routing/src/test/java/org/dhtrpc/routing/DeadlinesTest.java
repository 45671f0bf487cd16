package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final List<Timer> expired = new ArrayList<>();
    private final Deadlines deadlines = new Deadlines();

    private final class Timer extends Deadlines.Entry {
        private long at;
        private long order;

        @Override
        void expire(long now) {
            expired.add(this);
        }
    }

    @Test
    void nothing_waits_at_first() {
        assertThat(deadlines.earliest()).isEqualTo(Deadlines.NEVER);
        assertThat(deadlines.expireOne(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void of_two_with_the_same_time_the_one_set_first_expires_first() {
        Timer first = new Timer();
        Timer second = new Timer();
        deadlines.set(second, 7);
        deadlines.set(first, 7);
        deadlines.set(second, 7);
        while (deadlines.expireOne(7)) {}
        assertThat(expired).containsExactly(first, second);
    }

    @Test
    void times_are_compared_by_their_difference() {
        Timer before = new Timer();
        Timer after = new Timer();
        deadlines.set(after, Long.MIN_VALUE + 5);
        deadlines.set(before, Long.MAX_VALUE - 5);
        assertThat(deadlines.earliest()).isEqualTo(Long.MAX_VALUE - 5);
        assertThat(deadlines.expireOne(Long.MAX_VALUE - 6)).isFalse();
        while (deadlines.expireOne(Long.MIN_VALUE + 5)) {}
        assertThat(expired).containsExactly(before, after);
    }

    @Test
    void clearing_forgets_all_and_each_can_wait_again() {
        Timer timer = new Timer();
        deadlines.set(timer, 1);
        deadlines.set(new Timer(), 2);
        deadlines.clear();
        assertThat(timer.waiting()).isFalse();
        assertThat(deadlines.earliest()).isEqualTo(Deadlines.NEVER);
        deadlines.set(timer, 3);
        while (deadlines.expireOne(10)) {}
        assertThat(expired).containsExactly(timer);
    }

    @Test
    void random_sets_moves_and_cancels_agree_with_a_sorted_list() {
        Seeded.rounds(20, this::agreesWithASortedList);
    }

    private void agreesWithASortedList(RandomGenerator random) {
        deadlines.clear();
        List<Timer> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(new Timer());
        }
        List<Timer> model = new ArrayList<>();
        Comparator<Timer> byTime =
                Comparator.<Timer>comparingLong(timer -> timer.at).thenComparingLong(timer -> timer.order);
        long now = 0;
        for (int step = 0; step < 2_500; step++) {
            Timer timer = all.get(random.nextInt(all.size()));
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    timer.at = now + random.nextInt(50);
                    timer.order = step;
                    deadlines.set(timer, timer.at);
                    model.remove(timer);
                    model.add(timer);
                }
                case 2 -> {
                    deadlines.cancel(timer);
                    model.remove(timer);
                }
                default -> now += random.nextInt(10);
            }
            model.sort(byTime);
            expired.clear();
            while (deadlines.expireOne(now)) {}
            List<Timer> due = new ArrayList<>();
            for (Timer waiting : model) {
                if (waiting.at <= now) {
                    due.add(waiting);
                }
            }
            model.removeAll(due);
            assertThat(expired).isEqualTo(due);
            assertThat(deadlines.earliest()).isEqualTo(model.isEmpty() ? Deadlines.NEVER : model.get(0).at);
            assertThat(timer.waiting()).isEqualTo(model.contains(timer));
        }
    }
}
