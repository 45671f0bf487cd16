package org.dhtrpc.testkit;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;

/** The private network behind a NAT: its router has the first address, the hosts and NATs in it those behind. */
final class Lan {
    private static final Pattern PREFIX = Pattern.compile("([0-9.]{7,15})/([0-9]{1,2})");
    private static final int MIN_BITS = 8;
    private static final int MAX_BITS = 29;

    private final int base;
    private final int mask;

    /** The numbers of those in it, by what their addresses have beyond {@link #base}; 0 where nobody is. */
    private int[] numbers = new int[4];

    /** Where the last of them is; 1 is the router's. */
    private int last = 1;

    private Lan(int base, int mask) {
        this.base = base;
        this.mask = mask;
    }

    /** That of the NAT with this index, among 256. */
    static Lan of(int index) {
        return parse("192.168." + (index & 0xFF) + ".0/24");
    }

    /**
     * One written as {@code 192.168.1.0/24}.
     *
     * @throws IllegalArgumentException if it is anything else, or within the public network; the message names it
     */
    static Lan parse(String text) {
        Matcher matcher = PREFIX.matcher(text);
        if (matcher.matches()) {
            int base = (int) Endpoint.parse(matcher.group(1) + ":0").lowBits();
            int bits = Integer.parseInt(matcher.group(2));
            int mask = -1 << (Integer.SIZE - bits);
            if (bits >= MIN_BITS && bits <= MAX_BITS && (base & ~mask) == 0 && base >>> 24 != AddressPlan.NET) {
                return new Lan(base, mask);
            }
        }
        throw new IllegalArgumentException(
                "Not a network for a LAN: '" + text + "'; expected one like 192.168.1.0/24, of " + MIN_BITS + " to "
                        + MAX_BITS + " bits and outside of 10.0.0.0/8");
    }

    boolean contains(Endpoint address) {
        return address.isIPv4() && ((int) address.lowBits() & mask) == base;
    }

    /** The number of whoever has this address; 0 if nobody has. */
    int number(Endpoint address) {
        int place = (int) address.lowBits() & ~mask;
        return contains(address) && place <= last ? numbers[place] : 0;
    }

    /**
     * Gives somebody the next address; what he had before is given to nobody else.
     *
     * @throws IllegalStateException if there is none left
     */
    Endpoint admit(int number) {
        // The last address is the broadcast's.
        if (last + 1 >= ~mask) {
            throw new IllegalStateException(this + " is full");
        }
        last++;
        if (last == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * last);
        }
        numbers[last] = number;
        return AddressPlan.endpoint(base + last, Dht.DEFAULT_PORT);
    }

    @Override
    public String toString() {
        String address = AddressPlan.endpoint(base, 0).toString();
        return address.substring(0, address.indexOf(':')) + "/" + Integer.bitCount(mask);
    }
}
