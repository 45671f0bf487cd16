package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.holepunch.NatProfile.Allocation;

/**
 * External ports that a NAT gave to one new mapping after the other, and what rule they follow.
 *
 * <p>What is sent first need not reach the NAT first, others take ports in between, and a range that is used up begins anew. So
 * the ports are sorted: if they follow one another, all gaps but one or two are small, which random ports have no chance of.
 */
final class PortSamples {
    /** How few are worth a word on anything but preserved ports. */
    static final int FEWEST = 4;

    /** The largest gap that is still "the next but few". */
    private static final int SMALL = 16;

    private final List<Integer> ports = new ArrayList<>();
    private int sockets;
    private int preserved;

    /**
     * What follows.
     *
     * @param step of sequential ports, negative if they go down; else 0
     */
    record Rule(Allocation allocation, int step) {
        static final Rule UNKNOWN = new Rule(Allocation.UNKNOWN, 0);
    }

    /** The first mapping of a socket. */
    void first(int local, int external) {
        sockets++;
        preserved += local == external ? 1 : 0;
        add(external);
    }

    /** A further mapping of one. */
    void further(int external) {
        add(external);
    }

    private void add(int external) {
        if (!ports.contains(external)) {
            ports.add(external);
        }
    }

    Rule rule() {
        if (sockets > 0 && 2 * preserved > sockets) {
            return new Rule(Allocation.PRESERVED, 0);
        }
        if (ports.size() < FEWEST) {
            return Rule.UNKNOWN;
        }
        List<Integer> sorted = ports.stream().sorted().toList();
        int small = 0;
        int step = 0;
        for (int i = 1; i < sorted.size(); i++) {
            int gap = sorted.get(i) - sorted.get(i - 1);
            if (gap <= SMALL) {
                small++;
                step = greatestCommonDivisor(gap, step);
            }
        }
        return small >= sorted.size() - 2
                ? new Rule(Allocation.SEQUENTIAL, direction() * step)
                : new Rule(Allocation.RANDOM, 0);
    }

    /** Of gaps: where others took a port in between, one is a few steps. */
    private static int greatestCommonDivisor(int one, int other) {
        return other == 0 ? one : greatestCommonDivisor(other, one % other);
    }

    /** By all pairs that are near: some were overtaken by later ones. */
    private int direction() {
        int up = 0;
        for (int i = 0; i < ports.size(); i++) {
            for (int j = i + 1; j < ports.size(); j++) {
                int by = ports.get(j) - ports.get(i);
                up += Math.abs(by) <= SMALL * ports.size() ? Integer.signum(by) : 0;
            }
        }
        return up < 0 ? -1 : 1;
    }
}
