package org.dhtrpc.codec.dhtrpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.spi.IdPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Ids of dht-rpc 5 and later: the BLAKE2b-256 of the node's public address, 4 bytes of IPv4 and the port with its low
 * byte first. So nobody chooses an id, and one address has at most 65,535 of them.
 *
 * <p>There are none for addresses of IPv6: no id is accepted there, and a node that is told to have such an address gets a
 * random id, as one that does not know its address does. Peers treat it as ephemeral.
 *
 * <p>Has no state that shows; any number of nodes and threads may share the one instance. Each thread that uses it keeps
 * the last 1,024 contacts or fewer, up to 120 KiB.
 */
public final class AddressIds implements IdPolicy {
    /** The only one. */
    public static final AddressIds INSTANCE = new AddressIds();

    private static final int RECENT_BITS = 10;

    /**
     * Each thread's own, one for each slot. A lookup's replies name 20 to 80 nodes over and over, and then those answer: with
     * 20 hashes a reply takes 13 microseconds to read, and without one.
     */
    private static final ThreadLocal<@Nullable Contact[]> RECENT =
            ThreadLocal.withInitial(() -> new @Nullable Contact[1 << RECENT_BITS]);

    private AddressIds() {}

    @Override
    public Key create(RandomGenerator random, @Nullable Endpoint own) {
        return own != null && own.isIPv4() ? hash(own) : Key.random(random);
    }

    @Override
    public boolean accept(Key id, Endpoint endpoint) {
        return endpoint.isIPv4() && contact(endpoint).id().equals(id);
    }

    @Override
    public boolean bindsAddress() {
        return true;
    }

    /** Who is reached at an address of IPv4. */
    static Contact contact(Endpoint endpoint) {
        @Nullable Contact[] recent = RECENT.get();
        // Fibonacci hashing: the highest bits depend on every bit.
        int slot = (endpoint.hashCode() * 0x9E3779B9) >>> (Integer.SIZE - RECENT_BITS);
        Contact known = recent[slot];
        if (known == null || !known.endpoint().equals(endpoint)) {
            known = new Contact(hash(endpoint), endpoint);
            recent[slot] = known;
        }
        return known;
    }

    private static Key hash(Endpoint endpoint) {
        byte[] address = new byte[Ipv4.BYTES];
        Ipv4.write(endpoint, ByteBuffer.wrap(address).order(ByteOrder.LITTLE_ENDIAN));
        Blake2bDigest digest = new Blake2bDigest(Key.BITS);
        digest.update(address, 0, address.length);
        byte[] id = new byte[Key.BYTES];
        digest.doFinal(id, 0);
        return Key.of(id);
    }
}
