package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

class NumberedTest {
    @Test
    void it_has_what_a_map_would_have_whatever_is_put_in_and_taken_out() {
        Seeded.rounds(50, random -> {
            Numbered<String> numbered = new Numbered<>();
            TreeMap<Long, String> map = new TreeMap<>();
            // Few numbers, close together and far apart: they meet in the table, and at its end.
            long[] numbers = random.longs(40).toArray();
            for (int i = 0; i < 20; i++) {
                numbers[i] = i - 10L;
            }
            for (int i = 0; i < 2_000; i++) {
                long number = numbers[random.nextInt(numbers.length)];
                if (random.nextInt(100) < (i / 500 % 2 == 0 ? 70 : 30)) {
                    numbered.put(number, "value " + i);
                    map.put(number, "value " + i);
                } else {
                    assertThat(numbered.remove(number)).isEqualTo(map.remove(number));
                }
                assertThat(numbered.size()).isEqualTo(map.size());
                assertThat(numbered.isEmpty()).isEqualTo(map.isEmpty());
                long other = numbers[random.nextInt(numbers.length)];
                assertThat(numbered.get(other)).isEqualTo(map.get(other));
            }
            assertThat(numbered.inOrder()).isEqualTo(List.copyOf(map.values()));
            numbered.clear();
            assertThat(numbered.inOrder()).isEmpty();
            assertThat(numbered.get(numbers[0])).isNull();
        });
    }
}
