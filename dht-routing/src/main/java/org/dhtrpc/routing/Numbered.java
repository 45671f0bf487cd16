package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values by their numbers, which are ours: counted up, or drawn at random. A hash table with open addressing (Knuth, volume
 * 3, section 6.4, algorithms L and R), since a map of boxed numbers costs two objects for each entry.
 */
final class Numbered<V> {
    private static final int LEAST = 4;
    private static final long[] NO_NUMBERS = {};
    private static final @Nullable Object[] NO_VALUES = {};

    // Of the same length, a power of two, and at most half full.

    private long[] numbers = NO_NUMBERS;
    private @Nullable Object[] values = NO_VALUES;

    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable
    V get(long number) {
        return size == 0 ? null : value(place(number));
    }

    /** Puts a value in, in place of another with the same number. */
    void put(long number, V value) {
        if (2 * size >= values.length) {
            grow();
        }
        int place = place(number);
        size += values[place] == null ? 1 : 0;
        set(place, number, value);
    }

    /** Takes a value out; null if there is none. */
    @Nullable
    V remove(long number) {
        if (size == 0) {
            return null;
        }
        int place = place(number);
        V removed = value(place);
        if (removed != null) {
            size--;
            vacate(place);
            if (size == 0 && values.length > LEAST) {
                clear();
            }
        }
        return removed;
    }

    /** Whatever follows is moved up if it could not be found behind a gap. */
    private void vacate(int place) {
        int gap = place;
        for (int next = after(gap); values[next] != null; next = after(next)) {
            int detour = next - home(numbers[next]) & values.length - 1;
            if (detour >= (next - gap & values.length - 1)) {
                numbers[gap] = numbers[next];
                values[gap] = values[next];
                gap = next;
            }
        }
        values[gap] = null;
    }

    /** All values, in the order of their numbers. */
    List<V> inOrder() {
        long[] sorted = new long[size];
        int found = 0;
        for (int place = 0; place < values.length; place++) {
            if (values[place] != null) {
                sorted[found++] = numbers[place];
            }
        }
        Arrays.sort(sorted);
        List<V> all = new ArrayList<>(size);
        for (long number : sorted) {
            V value = get(number);
            if (value != null) {
                all.add(value);
            }
        }
        return all;
    }

    /** Takes all out, and gives up the room that they had. */
    void clear() {
        numbers = NO_NUMBERS;
        values = NO_VALUES;
        size = 0;
    }

    private void grow() {
        long[] oldNumbers = numbers;
        @Nullable Object[] oldValues = values;
        int length = Math.max(LEAST, 2 * values.length);
        numbers = new long[length];
        values = new Object[length];
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] != null) {
                set(place(oldNumbers[i]), oldNumbers[i], oldValues[i]);
            }
        }
    }

    /** Where this number is, or else the free place where it would be. */
    private int place(long number) {
        int place = home(number);
        while (values[place] != null && numbers[place] != number) {
            place = after(place);
        }
        return place;
    }

    private int home(long number) {
        return (int) number & values.length - 1;
    }

    private int after(int place) {
        return place + 1 & values.length - 1;
    }

    @SuppressWarnings("unchecked") // only put sets values
    private @Nullable V value(int place) {
        return (V) values[place];
    }

    private void set(int place, long number, @Nullable Object value) {
        numbers[place] = number;
        values[place] = value;
    }
}
