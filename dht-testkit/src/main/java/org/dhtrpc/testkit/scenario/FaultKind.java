package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The faults that every laboratory knows. */
enum FaultKind {
    PARTITION(Amount.SHARE),
    CUT(Amount.SHARE),
    LOSS(Amount.SHARE),
    DUPLICATION(Amount.SHARE),
    REORDERING(Amount.SHARE),
    CORRUPTION(Amount.SHARE),
    CRASH(Amount.SHARE),
    LEAVE(Amount.SHARE),
    PAUSE(Amount.SHARE),
    JOIN(Amount.COUNT),
    DRIFT(Amount.PARTS_PER_MILLION),
    REBOOT(Amount.SHARE),
    MOVE(Amount.SHARE),
    LIARS(Amount.SHARE),
    BLACKHOLES(Amount.SHARE),
    SILENT(Amount.SHARE),
    DRIPS(Amount.SHARE),
    SYBILS(Amount.COUNT),
    ECLIPSE(Amount.COUNT),
    FLOOD(Amount.COUNT),
    REFLECTION(Amount.COUNT),
    SPOOFERS(Amount.COUNT),
    REPLAYERS(Amount.COUNT);

    /** The detail of those that start again as strangers. */
    static final String FORGETTING = "forgetting";

    /** The beginning of the detail of those that gather around a key. */
    static final String NEAR = "near ";

    private final Amount amount;

    FaultKind(Amount amount) {
        this.amount = amount;
    }

    /** What a fault does. */
    interface Act {
        /**
         * Begins it.
         *
         * @param random its own
         * @return what ends it
         */
        Runnable begin(World world, Fault fault, RandomGenerator random);

        /** Refuses what makes no sense, before a run; those of ours were checked when they were made. */
        default void check(Fault fault) {}
    }

    /** What the amount of a fault is, and its limits. */
    private enum Amount {
        SHARE("a share or a probability", 0, 1),
        COUNT("a whole number", 0, 1_000_000),
        PARTS_PER_MILLION("a number of parts per million", 0, 500_000);

        private final String what;
        private final double least;
        private final double most;

        Amount(String what, double least, double most) {
            this.what = what;
            this.least = least;
            this.most = most;
        }
    }

    /** The one with this word; null if it is none of ours. */
    static @Nullable FaultKind of(String word) {
        for (FaultKind kind : values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        return null;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Act act() {
        return switch (this) {
            case PARTITION -> Acts::partition;
            case CUT -> Acts::cut;
            case LOSS -> Acts::loss;
            case DUPLICATION -> Acts::duplication;
            case REORDERING -> Acts::reordering;
            case CORRUPTION -> Acts::corruption;
            case CRASH -> Acts::crash;
            case LEAVE -> Acts::leave;
            case PAUSE -> Acts::pause;
            case JOIN -> Acts::join;
            case DRIFT -> Acts::drift;
            case REBOOT -> Acts::reboot;
            case MOVE -> Acts::move;
            case LIARS -> Attacks::liars;
            case BLACKHOLES -> Attacks::blackHoles;
            case SILENT -> Attacks::silent;
            case DRIPS -> Attacks::drips;
            case SYBILS -> Attacks::sybils;
            case ECLIPSE -> Attacks::eclipse;
            case FLOOD -> Attacks::flood;
            case REFLECTION -> Attacks::reflection;
            case SPOOFERS -> Attacks::spoofers;
            case REPLAYERS -> Attacks::replayers;
        };
    }

    /** Whether hosts come with it that have no node. */
    boolean brings() {
        return amount == Amount.COUNT && this != JOIN;
    }

    void check(double value, Duration lasting, String detail) {
        boolean whole = amount != Amount.COUNT || value == StrictMath.rint(value);
        if (!(value >= amount.least && value <= amount.most && whole)) {
            throw new IllegalArgumentException(
                    "After '" + word() + "' comes " + amount.what + ", " + Quantity.text(amount.least) + " to "
                            + Quantity.text(amount.most) + ", not " + Quantity.text(value));
        }
        boolean instant = this == JOIN || this == REBOOT || this == MOVE;
        if (instant && !lasting.isZero()) {
            throw new IllegalArgumentException(
                    "'" + word() + "' happens at once and for good; it takes no time, not " + lasting);
        }
        if (!takes(detail)) {
            throw new IllegalArgumentException("'" + word() + "' takes no '" + detail + "'");
        }
    }

    private boolean takes(String detail) {
        return switch (this) {
            case CRASH, LEAVE -> detail.isEmpty() || detail.equals(FORGETTING);
            case SYBILS -> detail.isEmpty() || detail.matches(NEAR + "[0-9a-f]{64}");
            default -> detail.isEmpty();
        };
    }
}
