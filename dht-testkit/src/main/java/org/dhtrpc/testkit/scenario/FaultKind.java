package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The faults that every laboratory knows. */
enum FaultKind {
    PARTITION(Amount.SHARE, Acts::partition),
    CUT(Amount.SHARE, Acts::cut),
    LOSS(Amount.SHARE, Acts::loss),
    DUPLICATION(Amount.SHARE, Acts::duplication),
    REORDERING(Amount.SHARE, Acts::reordering),
    CORRUPTION(Amount.SHARE, Acts::corruption),
    CRASH(Amount.SHARE, Acts::crash),
    LEAVE(Amount.SHARE, Acts::leave),
    PAUSE(Amount.SHARE, Acts::pause),
    JOIN(Amount.COUNT, Acts::join),
    DRIFT(Amount.PARTS_PER_MILLION, Acts::drift),
    REBOOT(Amount.SHARE, Acts::reboot),
    MOVE(Amount.SHARE, Acts::move),
    LIARS(Amount.SHARE, Attacks::liars),
    BLACKHOLES(Amount.SHARE, Attacks::blackHoles),
    SILENT(Amount.SHARE, Attacks::silent),
    DRIPS(Amount.SHARE, Attacks::drips),
    SYBILS(Amount.COUNT, Attacks::sybils),
    ECLIPSE(Amount.COUNT, Attacks::eclipse),
    FLOOD(Amount.COUNT, Attacks::flood),
    REFLECTION(Amount.COUNT, Attacks::reflection),
    SPOOFERS(Amount.COUNT, Attacks::spoofers),
    REPLAYERS(Amount.COUNT, Attacks::replayers);

    /** The detail of those that start again as strangers. */
    static final String FORGETTING = "forgetting";

    /** The beginning of the detail of those that gather around a key. */
    static final String NEAR = "near ";

    private final Amount amount;
    private final Act act;

    FaultKind(Amount amount, Act act) {
        this.amount = amount;
        this.act = act;
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
        return act;
    }

    void check(double value, Duration lasting, String detail) {
        boolean whole = amount != Amount.COUNT || value == StrictMath.rint(value);
        if (!(value >= amount.least && value <= amount.most && whole)) {
            throw new IllegalArgumentException("After '" + word() + "' comes " + amount.what + ", " + Quantity.text(amount.least)
                    + " to " + Quantity.text(amount.most) + ", not " + Quantity.text(value));
        }
        if (this == JOIN && !lasting.isZero()) {
            throw new IllegalArgumentException("Newcomers stay, or leave by churn; 'join' takes no time, not " + lasting);
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
