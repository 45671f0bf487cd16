package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TimingWheelTest {
    private static final long END = Long.MAX_VALUE;

    private final TimingWheel<String> wheel = new TimingWheel<>();

    private record Event(long time, int number) {}

    private List<String> removeUntil(long limit) {
        List<String> removed = new ArrayList<>();
        while (wheel.due(limit)) {
            removed.add(wheel.remove());
        }
        return removed;
    }

    @Test
    void behaves_like_a_sorted_queue_whatever_is_done_to_it() {
        Seeded.rounds(60, random -> new Comparison(random).run());
    }

    @Test
    void events_of_one_time_stay_in_order_wherever_the_wheel_stood_when_they_came() {
        long time = 1L << 40;
        wheel.add(time, "before all");
        for (long earlier = time - (1L << 39), i = 0; earlier < time; earlier += (time - earlier + 1) / 2, i++) {
            wheel.add(earlier, "way " + i);
            assertThat(removeUntil(earlier)).containsExactly("way " + i);
            wheel.add(time, "at " + i);
        }
        assertThat(removeUntil(time))
                .hasSize(41)
                .startsWith("before all", "at 0", "at 1")
                .endsWith("at 39");
    }

    @Test
    void the_end_of_time_is_a_time_like_any_other() {
        wheel.add(END, "b");
        wheel.add(END - 1, "a");
        wheel.add(END, "c");
        assertThat(wheel.due(END - 2)).isFalse();
        assertThat(removeUntil(END - 1)).containsExactly("a");
        assertThat(wheel.due(END)).isTrue();
        assertThat(wheel.time()).isEqualTo(END);
        assertThat(removeUntil(END)).containsExactly("b", "c");
    }

    @Test
    void an_event_before_all_others_may_come_after_a_look_at_them() {
        wheel.add(1_000_000_000, "late");
        assertThat(wheel.due(10)).isFalse();
        assertThat(wheel.due(END)).isTrue();
        wheel.add(999_999_999, "early");
        wheel.add(1_000_000_000, "later");
        assertThat(removeUntil(END)).containsExactly("early", "late", "later");
    }

    @Test
    void what_is_unwanted_is_gone_from_every_level() {
        for (int i = 0; i < 63; i++) {
            for (int copy = 0; copy < 100; copy++) {
                wheel.add(1L << i, i + (copy % 3 == 0 ? " kept" : " not"));
            }
        }
        wheel.removeIf(event -> event.endsWith("not"));
        assertThat(wheel.size()).isEqualTo(63 * 34);
        List<String> left = removeUntil(END);
        assertThat(left).hasSize(63 * 34).allMatch(event -> event.endsWith("kept"));
        assertThat(wheel.size()).isZero();
    }

    /** A wheel and a queue that are done the same to. */
    private static final class Comparison {
        private final TimingWheel<Event> wheel = new TimingWheel<>();
        private final PriorityQueue<Event> queue =
                new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparingInt(Event::number));
        private final RandomGenerator random;
        private long now;
        private int number;

        Comparison(RandomGenerator random) {
            this.random = random;
        }

        void run() {
            for (int step = 0; step < 1_000; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> removeUntil(after(distance() >>> (20 + random.nextInt(40))));
                    case 1, 2 -> removeSome(random.nextInt(20));
                    case 3 -> removeIf();
                    default -> add(distance(), random.nextInt(4) == 0 ? random.nextInt(80) : 1);
                }
                assertThat(wheel.size()).isEqualTo(queue.size());
            }
            removeUntil(END);
            assertThat(wheel.size()).isZero();
        }

        /** Anything from nothing to an age, each order of magnitude with equal chances, and often one of few. */
        private long distance() {
            long distance = random.nextLong() >>> (1 + random.nextInt(63));
            return random.nextBoolean() ? distance : Long.highestOneBit(distance);
        }

        private long after(long distance) {
            return distance > END - now ? END : now + distance;
        }

        private void add(long distance, int copies) {
            for (int i = 0; i < copies; i++) {
                Event event = new Event(after(distance), number++);
                wheel.add(event.time, event);
                queue.add(event);
            }
        }

        private void removeUntil(long limit) {
            while (wheel.due(limit)) {
                removeFirst();
            }
            assertThat(queue.isEmpty() || queue.peek().time > limit).isTrue();
            now = limit;
        }

        private void removeSome(int most) {
            for (int i = 0; i < most && wheel.due(END); i++) {
                removeFirst();
            }
        }

        private void removeFirst() {
            Event expected = queue.remove();
            assertThat(wheel.time()).isEqualTo(expected.time);
            assertThat(wheel.first()).isSameAs(expected);
            assertThat(wheel.remove()).isSameAs(expected);
            now = expected.time;
        }

        private void removeIf() {
            int divisor = 1 + random.nextInt(5);
            Predicate<Event> unwanted = event -> event.number % divisor == 0;
            wheel.removeIf(unwanted);
            queue.removeIf(unwanted);
        }
    }
}
