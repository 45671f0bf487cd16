package org.dhtrpc.examples.simulations;

import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.spi.IdPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Ids whose first four bytes follow from the address, without the port, and from a number of 0 to 7, the last byte: each
 * address has eight places in the network, and so have all who are behind one NAT together. BEP 42 does it with other
 * arithmetic, and leaves out bits of the address.
 */
final class AddressIds implements IdPolicy {
    static final AddressIds INSTANCE = new AddressIds();

    private static final int PLACES = 8;
    private static final int BOUND = 4;

    private AddressIds() {}

    @Override
    public Key create(RandomGenerator random, @Nullable Endpoint own) {
        return own == null ? Key.random(random) : id(own, random.nextInt(PLACES), random);
    }

    @Override
    public boolean accept(Key id, Endpoint endpoint) {
        byte[] bytes = id.toByteArray();
        byte place = bytes[Key.BYTES - 1];
        return place >= 0 && place < PLACES && bound(endpoint, place).commonPrefix(id) >= BOUND * Byte.SIZE;
    }

    /** Of the ids that may be had at an address one in the place that is nearest to a key. */
    static Key nearest(Key key, Endpoint endpoint, RandomGenerator random) {
        return IntStream.range(0, PLACES)
                .mapToObj(place -> id(endpoint, place, random))
                .min(Comparator.comparing(key::distance))
                .orElseThrow();
    }

    private static Key id(Endpoint endpoint, int place, RandomGenerator random) {
        byte[] bytes = Key.random(random).toByteArray();
        System.arraycopy(bound(endpoint, place).toByteArray(), 0, bytes, 0, BOUND);
        bytes[Key.BYTES - 1] = (byte) place;
        return Key.of(bytes);
    }

    private static Key bound(Endpoint endpoint, int place) {
        byte[] address = endpoint.address();
        byte[] input = Arrays.copyOf(address, address.length + 1);
        input[address.length] = (byte) place;
        return Key.hashOf(Bytes.of(input));
    }
}
