package org.dhtrpc.routing;

import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;

/**
 * What a fuzzed machine is like, and whom it meets, read from its first bytes.
 *
 * @param setup the machine
 * @param crowd everybody else
 */
record FuzzedSetup(Setup setup, Crowd crowd) {
    /** Little enough that few requests come up against it. */
    private static final Rate RATE = Rate.of(1, 3).evenLocally();

    private static final List<Standing> STANDINGS = List.of(Standing.EPHEMERAL, Standing.ADAPTIVE, Standing.PERSISTENT);

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
        // A second byte of flags, where the first says so, and a third; the rest of the second is free.
        int further = (flags & 128) != 0 ? choices.any() : 0;
        if ((further & 1) != 0) {
            setup.filter(endpoint -> endpoint.port() % 5 != 0);
        }
        if ((further & 2) != 0) {
            setup.requestRate(RATE);
        }
        if ((further & 4) != 0) {
            setup.subnetLimit(SUBNETS);
        }
        int standing = (flags & 64) != 0 ? choices.any() : 0;
        stands(setup, standing);
        Crowd crowd = Crowd.of((further & 4) != 0, (standing & 4) != 0);
        int known = choices.below(Crowd.SIZE);
        (known % 2 == 0 ? setup.verified : setup.saved).addAll(crowd.first(known));
        setup.verified.removeIf(contact -> !setup.idPolicy.accept(contact.id(), contact.endpoint()));
        return new FuzzedSetup(setup, crowd);
    }

    private static void stands(Setup setup, int flags) {
        if ((flags & 3) != 0) {
            setup.standing(STANDINGS.get((flags & 3) - 1));
        }
        if ((flags & 4) != 0) {
            setup.boundIds();
        }
        setup.sibling = (flags & 8) != 0;
        if ((flags & 16) != 0) {
            setup.publicAddress(Endpoint.parse("203.0.113.7:3282"));
        }
        if ((flags & 32) != 0) {
            setup.firewalled(false);
        }
        setup.identifies = (flags & 64) == 0;
        if ((flags & 128) != 0) {
            setup.wire(false, command -> !command.equals(Command.DOWN_HINT));
        }
    }
}
