package org.dhtrpc.testkit.adversary;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/** Contacts that do not exist. */
final class Inventions {
    private static final int FIRST_PORT = 1_024;
    private static final int PORTS = 64_512;

    // Nearer than anybody in a network of millions, and not so near that it would look like nothing else.
    private static final int NEAREST = 40;
    private static final int SPAN = 200;

    private Inventions() {}

    /**
     * So many that are nearer to a target than everybody: in 198.18.0.0/15, which is set aside for benchmarks (RFC 2544), or at
     * ports of one address.
     */
    static List<Contact> near(Key target, int count, @Nullable Endpoint victim, RandomGenerator random) {
        List<Contact> invented = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Key id = target.randomInBucket(NEAREST + random.nextInt(SPAN), random);
            byte[] address = victim == null ? benchmark(random) : victim.address();
            invented.add(new Contact(id, Endpoint.of(address, FIRST_PORT + random.nextInt(PORTS))));
        }
        return invented;
    }

    private static byte[] benchmark(RandomGenerator random) {
        return new byte[] {
            (byte) 198, (byte) (18 + random.nextInt(2)), (byte) random.nextInt(256), (byte) random.nextInt(256)
        };
    }
}
