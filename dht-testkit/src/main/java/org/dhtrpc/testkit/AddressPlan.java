package org.dhtrpc.testkit;

import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;

/** Which public address belongs to which number, from 1 to 2^24 - 1, of a host or a NAT; and back. */
enum AddressPlan {
    /** All in 10.0.0.0/8, counting up: easy to read, and one large private network for whoever cares. */
    PRIVATE {
        @Override
        int bits(int number) {
            return (NET << 24) | number;
        }

        @Override
        int number(int bits) {
            return bits >>> 24 == NET ? bits & 0xFF_FFFF : 0;
        }
    },

    /** Public ones, spread: neighbours by number are in different /8, and any two of the first five million in different /24. */
    PUBLIC {
        @Override
        int bits(int number) {
            int place = number / FIRST_BYTES;
            int first = FIRST_BYTE + number % FIRST_BYTES;
            return (first << 24) | ((place & 0xFF) << 16) | (place & 0xFF00) | ((place >>> 16) + 1);
        }

        @Override
        int number(int bits) {
            int first = (bits >>> 24) - FIRST_BYTE;
            int high = (bits & 0xFF) - 1;
            if (first < 0 || first >= FIRST_BYTES || high < 0) {
                return 0;
            }
            int place = (high << 16) | (bits & 0xFF00) | ((bits >>> 16) & 0xFF);
            int number = place * FIRST_BYTES + first;
            return number <= SimulatedNetwork.MAX_HOSTS ? number : 0;
        }
    };

    /** The first byte of the private ones. */
    static final int NET = 10;

    /** Below 100.64.0.0/10, above 10.0.0.0/8: nothing here is anybody's private network. */
    private static final int FIRST_BYTE = 11;

    private static final int FIRST_BYTES = 89;

    abstract int bits(int number);

    /** The number that goes with an IPv4 address; 0 if none does. */
    abstract int number(int bits);

    Endpoint address(int number) {
        return endpoint(bits(number), Dht.DEFAULT_PORT);
    }

    /** The number of whoever would have this address; 0 for nobody. */
    int number(Endpoint address) {
        return address.isIPv4() ? number((int) address.lowBits()) : 0;
    }

    /** Likewise, by whichever plan has such addresses. */
    static int anyNumber(Endpoint address) {
        return Math.max(PRIVATE.number(address), PUBLIC.number(address));
    }

    static Endpoint endpoint(int bits, int port) {
        byte[] address = {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits};
        return Endpoint.of(address, port);
    }
}
