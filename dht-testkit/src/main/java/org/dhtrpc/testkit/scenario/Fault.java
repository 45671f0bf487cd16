package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dhtrpc.Key;

/**
 * Something bad that befalls a network: a word, how much of it, and for how long. Prints as
 * {@code crash 0.2 for 30s, forgetting}. Whom it befalls is drawn by a label made of the whole line, so that a fault that is
 * taken away changes nobody's part in the others. Of the nodes of the beginning it is the share that the line says, of those that
 * have come later each takes its chance; whether they are there by then, and whether an adversary has them or not.
 *
 * <p>A word that is none of the factories' here is the name of a fault or an adversary that a {@link Laboratory} has.
 *
 * @param word what happens
 * @param amount a share of the nodes, a probability or a number, as the word has it
 * @param lasting how long; zero: for good
 * @param detail what else the word takes; empty for most
 */
public record Fault(String word, double amount, Duration lasting, String detail) {
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]*");
    private static final Pattern TEXT =
            Pattern.compile("([a-z][a-z0-9-]*)(?: ([0-9.eE+-]+))?(?: for ([0-9a-z.]+))?(?:, (.+))?");

    /** Checks the amount, as far as the word is one of ours. */
    public Fault {
        Objects.requireNonNull(word);
        if (!WORD.matcher(word).matches()) {
            throw new IllegalArgumentException(
                    "The word of a fault is made of small letters, digits and hyphens, not '" + word + "'");
        }
        if (lasting.isNegative() || lasting.compareTo(Scenario.LONGEST) > 0) {
            throw new IllegalArgumentException("A fault lasts 0s to 365d, not " + lasting);
        }
        Quantity.checked("The amount of a fault", amount, 0, 1e9);
        FaultKind kind = FaultKind.of(word);
        if (kind != null) {
            kind.check(amount, lasting, detail);
        }
    }

    private static Fault of(FaultKind kind, double amount) {
        return new Fault(kind.word(), amount, Duration.ZERO, "");
    }

    /** A random share of the nodes against all others: nothing passes between them, either way. */
    public static Fault partition(double share) {
        return of(FaultKind.PARTITION, share);
    }

    /** What a random share of the nodes sends to all others that are there gets lost, but not what they are sent. */
    public static Fault cut(double share) {
        return of(FaultKind.CUT, share);
    }

    /** Each datagram is lost with this probability. */
    public static Fault loss(double probability) {
        return of(FaultKind.LOSS, probability);
    }

    /** Each datagram arrives twice with this probability. */
    public static Fault duplication(double probability) {
        return of(FaultKind.DUPLICATION, probability);
    }

    /** Each datagram takes up to a second longer with this probability. */
    public static Fault reordering(double probability) {
        return of(FaultKind.REORDERING, probability);
    }

    /** Bits of a datagram are flipped with this probability. */
    public static Fault corruption(double probability) {
        return of(FaultKind.CORRUPTION, probability);
    }

    /** A share of the nodes loses power; with {@link #lasting(Duration)} they start again, with what they have saved. */
    public static Fault crash(double share) {
        return of(FaultKind.CRASH, share);
    }

    /** A share of the nodes closes in good order; with {@link #lasting(Duration)} they start again, with what they have saved. */
    public static Fault leave(double share) {
        return of(FaultKind.LEAVE, share);
    }

    /** A share of the nodes stands still, as machines that sleep. */
    public static Fault pause(double share) {
        return of(FaultKind.PAUSE, share);
    }

    /** So many newcomers at one instant. */
    public static Fault join(int count) {
        return of(FaultKind.JOIN, count);
    }

    /** The clock of each node runs faster or slower, each by up to so many parts per million. */
    public static Fault drift(double partsPerMillion) {
        return of(FaultKind.DRIFT, partsPerMillion);
    }

    /** A share of the NATs forgets everything, as after a loss of power: hosts behind them get other ports. */
    public static Fault reboot(double share) {
        return of(FaultKind.REBOOT, share);
    }

    /** A share of the NATs gets another public address. */
    public static Fault move(double share) {
        return of(FaultKind.MOVE, share);
    }

    /** A share of the nodes, newcomers included, names invented contacts ({@link org.dhtrpc.testkit.adversary.Liars}). */
    public static Fault liars(double share) {
        return of(FaultKind.LIARS, share);
    }

    /** A share of the nodes, newcomers included, answers pings only ({@link org.dhtrpc.testkit.adversary.BlackHoles}). */
    public static Fault blackHoles(double share) {
        return of(FaultKind.BLACKHOLES, share);
    }

    /** What a laboratory calls by this word, or another of the words that the testkit knows. */
    public static Fault named(String word, double amount) {
        return new Fault(word, amount, Duration.ZERO, "");
    }

    /** So many puppets with ids nearer to a key than anybody's. */
    public static Fault sybils(int count, Key near) {
        return new Fault(FaultKind.SYBILS.word(), count, Duration.ZERO, "near " + near);
    }

    /** The same for so long. */
    public Fault lasting(Duration time) {
        return new Fault(word, amount, time, detail);
    }

    /** The same of nodes that start again as strangers, with another id and nothing remembered. */
    public Fault forgetting() {
        return new Fault(word, amount, lasting, FaultKind.FORGETTING);
    }

    /**
     * The fault with this text.
     *
     * @throws IllegalArgumentException if it is none, with the forms; also if it lasts 0s, which would be for good
     */
    public static Fault parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches() || (parts.group(2) == null && FaultKind.of(parts.group(1)) != null)) {
            throw new IllegalArgumentException(
                    "Not a fault: '" + text + "'; the form is WORD AMOUNT [for TIME][, DETAIL]");
        }
        Duration lasting = parts.group(3) == null ? Duration.ZERO : Quantity.duration(parts.group(3));
        if (parts.group(3) != null && lasting.isZero()) {
            throw new IllegalArgumentException(
                    "A fault lasts more than " + parts.group(3) + "; without 'for' it lasts to the end");
        }
        return new Fault(
                parts.group(1),
                parts.group(2) == null ? 1 : Quantity.number(parts.group(2)),
                lasting,
                parts.group(4) == null ? "" : parts.group(4));
    }

    /** All words that {@link #parse} knows by itself. */
    static String words() {
        return String.join(
                ", ", Arrays.stream(FaultKind.values()).map(FaultKind::word).toList());
    }

    @Override
    public String toString() {
        return word + " " + Quantity.text(amount) + (lasting.isZero() ? "" : " for " + Quantity.text(lasting))
                + (detail.isEmpty() ? "" : ", " + detail);
    }
}
