package org.dhtrpc.codec.dhtrpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.digests.Blake2bDigest;
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
 * <p>Has no state; any number of nodes and threads may share the one instance.
 */
public final class AddressIds implements IdPolicy {
    /** The only one. */
    public static final AddressIds INSTANCE = new AddressIds();

    private AddressIds() {}

    @Override
    public Key create(RandomGenerator random, @Nullable Endpoint own) {
        return own != null && own.isIPv4() ? of(own) : Key.random(random);
    }

    @Override
    public boolean accept(Key id, Endpoint endpoint) {
        return endpoint.isIPv4() && of(endpoint).equals(id);
    }

    @Override
    public boolean bindsAddress() {
        return true;
    }

    /** The id at an address of IPv4. */
    static Key of(Endpoint endpoint) {
        byte[] address = new byte[Ipv4.BYTES];
        Ipv4.write(endpoint, ByteBuffer.wrap(address).order(ByteOrder.LITTLE_ENDIAN));
        Blake2bDigest digest = new Blake2bDigest(Key.BITS);
        digest.update(address, 0, address.length);
        byte[] id = new byte[Key.BYTES];
        digest.doFinal(id, 0);
        return Key.of(id);
    }
}
