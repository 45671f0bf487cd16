package org.dhtrpc.testkit;

import java.util.Arrays;

/** Which group each host is in, by their numbers. Those that were not put into one, and those to come, are in group 0. */
final class Membership {
    private static final int MAX_GROUP = Short.MAX_VALUE;

    private short[] groups = new short[0];

    /** Puts a host into a group, 1 or more. */
    void put(SimulatedHost host, int group) {
        if (group > MAX_GROUP) {
            throw new IllegalArgumentException("There are at most " + MAX_GROUP + " groups");
        }
        int number = host.number();
        if (number >= groups.length) {
            groups = Arrays.copyOf(groups, Math.max(number + 1, groups.length * 3 / 2));
        }
        if (groups[number] != 0 && groups[number] != group) {
            throw new IllegalArgumentException(host + " is in two groups");
        }
        groups[number] = (short) group;
    }

    int of(int number) {
        return number < groups.length ? groups[number] : 0;
    }
}
