package org.dhtrpc.routing;

import org.dhtrpc.Endpoint;

/**
 * What a fuzzed machine is like, and whom it meets, read from its first bytes.
 *
 * @param setup the machine
 * @param crowd everybody else
 */
record FuzzedSetup(Setup setup, Crowd crowd) {
    /** Little enough that few requests come up against it. */
    private static final Rate RATE = Rate.of(1, 3).evenLocally();

    private static final SubnetLimit SUBNETS = new SubnetLimit(2, 5);

    static FuzzedSetup of(Choices choices) {
        Setup setup = Bench.setup().k(1 + choices.below(20)).concurrency(1 + choices.below(16));
        int flags = choices.any();
        if ((flags & 3) == 1) {
            setup.wire(4, true, false);
        } else if ((flags & 3) == 2) {
            setup.wire(15, false, true);
        }
        if ((flags & 4) != 0) {
            setup.punching();
        }
        if ((flags & 8) != 0) {
            setup.ephemeral();
        }
        if ((flags & 16) != 0) {
            setup.reachable(Endpoint::isIPv4);
        }
        if ((flags & 32) != 0) {
            setup.idPolicy(id -> id.hashCode() % 5 != 0);
        }
        // A second byte of flags, where the first says so; bit 64 of the first, and the rest of the second, are free.
        int further = (flags & 128) != 0 ? choices.any() : 0;
        if ((further & 1) != 0) {
            setup.filter(endpoint -> endpoint.port() % 5 != 0);
        }
        if ((further & 2) != 0) {
            setup.requestRate(RATE);
        }
        Crowd crowd = (further & 4) != 0 ? Crowd.EVERYWHERE : Crowd.NEARBY;
        if ((further & 4) != 0) {
            setup.subnetLimit(SUBNETS);
        }
        int known = choices.below(Crowd.SIZE);
        (known % 2 == 0 ? setup.verified : setup.saved).addAll(crowd.first(known));
        setup.verified.removeIf(contact -> !setup.idPolicy.accept(contact.id(), contact.endpoint()));
        return new FuzzedSetup(setup, crowd);
    }
}
