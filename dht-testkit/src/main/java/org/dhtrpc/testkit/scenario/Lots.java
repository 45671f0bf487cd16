package org.dhtrpc.testkit.scenario;

import java.util.stream.IntStream;

/**
 * Whom something befalls, as a share of all who will ever come. Each host has its lot, through all its lives, whoever else is
 * there: what befalls the others does not change it. Of the hosts of the beginning it is the share, to the next whole number;
 * of newcomers each takes its chance.
 */
final class Lots {
    private final double share;
    private final long label;
    private final int beginners;
    private final double last;

    /**
     * Lots by this label.
     *
     * @param beginners how many hosts there were in the beginning, with the first numbers
     * @param concerned those of them that the share is a share of
     */
    Lots(double share, long label, int beginners, IntStream concerned) {
        this.share = share;
        this.label = label;
        this.beginners = beginners;
        double[] lots = concerned.mapToDouble(this::of).sorted().toArray();
        int count = (int) StrictMath.min(lots.length, StrictMath.rint(share * lots.length));
        last = count == 0 ? -1 : lots[count - 1];
    }

    /** Whether somebody is one of them. */
    boolean draw(Resident resident) {
        return resident.host().number() <= beginners ? of(resident) <= last : of(resident) < share;
    }

    /** 0 to 1. */
    double of(Resident resident) {
        return of(resident.host().number());
    }

    private double of(int number) {
        // SplitMix64's step and finaliser, so that neighbours have nothing in common.
        long bits = label + number * 0x9E37_79B9_7F4A_7C15L;
        bits = (bits ^ bits >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D0_49BB_1331_11EBL;
        return ((bits ^ bits >>> 31) >>> 11) * 0x1.0p-53;
    }
}
