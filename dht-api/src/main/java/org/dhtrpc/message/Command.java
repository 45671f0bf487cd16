package org.dhtrpc.message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for. Built-in commands are the protocol's, all others the application's; a user's "ping" is not
 * the built-in one.
 *
 * <p>A command has a name and, for wires that need one, a number. The name of an application's command is free; if it
 * is a decimal number from 0 to 2^31-1 in its shortest form, that is its number as well, and wires that know numbers only
 * can carry it.
 *
 * <p>Immutable; two are equal if both name and kind are.
 */
public final class Command {
    /** Longest name, in bytes of UTF-8. */
    public static final int MAX_NAME_BYTES = 48;

    /** Stands for "this command has no number". */
    public static final int NO_NUMBER = -1;

    /** Are you there? The reply tells how the peer sees us. */
    public static final Command PING = new Command("ping", 0, true);

    /** The same, to be answered to another port of ours: a test for firewalls. */
    public static final Command PING_NAT = new Command("ping_nat", 1, true);

    /** Which nodes do you know near the target? */
    public static final Command FIND_NODE = new Command("find_node", 2, true);

    /** The node in the value seems to be down. */
    public static final Command DOWN_HINT = new Command("down_hint", 3, true);

    /** A ping to be answered after a delay. */
    public static final Command DELAYED_PING = new Command("delayed_ping", 4, true);

    private static final List<Command> BUILT_INS = List.of(PING, PING_NAT, FIND_NODE, DOWN_HINT, DELAYED_PING);

    private final String name;
    private final int number;
    private final boolean builtIn;

    private Command(String name, int number, boolean builtIn) {
        this.name = name;
        this.number = number;
        this.builtIn = builtIn;
    }

    /**
     * A command of the application's.
     *
     * @throws IllegalArgumentException if the name has no bytes or more than {@value #MAX_NAME_BYTES}, or no UTF-8 form
     */
    public static Command of(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "A command's name has 1 to " + MAX_NAME_BYTES + " bytes, not " + bytes + ": '" + name + "'");
        }
        if (!proper(name)) {
            throw new IllegalArgumentException("A command's name is Unicode text, without half a surrogate pair");
        }
        return new Command(name, numberOf(name), false);
    }

    private static int numberOf(String name) {
        int digits = name.length();
        if (digits > 10 || (digits > 1 && name.charAt(0) == '0')) {
            return NO_NUMBER;
        }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NO_NUMBER;
            }
            number = number * 10 + digit;
        }
        return number > Integer.MAX_VALUE ? NO_NUMBER : (int) number;
    }

    /** True if the name is proper Unicode: half of a surrogate pair has no UTF-8 form. */
    private static boolean proper(String name) {
        return name.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /** The application's command with this number, whose name is the number in decimal. */
    public static Command of(int number) {
        return of(Integer.toString(number));
    }

    /**
     * The built-in command with this number; one that we do not know is a command too, and answered as unknown.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public static Command builtIn(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("A built-in command's number is 0 or more, not " + number);
        }
        return number < BUILT_INS.size() ? BUILT_INS.get(number) : new Command("built-in " + number, number, true);
    }

    /** The name; unique among commands of one kind. */
    public String name() {
        return name;
    }

    /** The number, or {@link #NO_NUMBER}. */
    public int number() {
        return number;
    }

    /** True for the protocol's own commands. */
    public boolean builtIn() {
        return builtIn;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Command command && builtIn == command.builtIn && name.equals(command.name));
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 2 + (builtIn ? 1 : 0);
    }

    @Override
    public String toString() {
        return builtIn ? name : "'" + name + "'";
    }
}
