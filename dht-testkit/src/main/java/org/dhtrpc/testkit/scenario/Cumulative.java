package org.dhtrpc.testkit.scenario;

import java.util.Arrays;

/** Weights in a row, summed up: finds in logarithmic time which one a point falls into. */
final class Cumulative {
    private double[] sums = new double[16];
    private int size;

    void add(double weight) {
        if (size == sums.length) {
            sums = Arrays.copyOf(sums, 2 * size);
        }
        sums[size] = weight + sum(size);
        size++;
    }

    int size() {
        return size;
    }

    /** Of the first so many weights. */
    double sum(int count) {
        return count == 0 ? 0 : sums[count - 1];
    }

    /** Which of the first so many weights, at least 1, a point from 0 to their sum is in. */
    int find(double point, int count) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > point) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
