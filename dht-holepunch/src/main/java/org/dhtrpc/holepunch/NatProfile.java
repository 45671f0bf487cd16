package org.dhtrpc.holepunch;

import java.time.Duration;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the NAT or firewall before a node (RFC 4787; found out as in RFC 5780). It only orders what is tried first:
 * punching succeeds with a wrong one too, later.
 *
 * @param mapping how external ports depend on where is sent to
 * @param filtering who may answer
 * @param allocation which external port is taken
 * @param step from one new external port to the next, if they are sequential; else 0
 * @param hairpin whether two sockets behind the NAT reach each other by its external addresses
 * @param publicAddress where most see us, with port 0 if they see different ports; null if they do not agree, or it is another's
 *     profile: what the other end of a punch tells of itself has neither addresses nor a lifetime
 * @param mapped an address that the router has opened for us on request; null if there is none
 * @param lifetime for how long a mapping outlives silence, at least; null if it was not measured
 */
public record NatProfile(
        Mapping mapping,
        Filtering filtering,
        Allocation allocation,
        int step,
        Answer hairpin,
        @Nullable Endpoint publicAddress,
        @Nullable Endpoint mapped,
        @Nullable Duration lifetime) {
    /** Nothing is known. */
    public static final NatProfile UNKNOWN =
            new NatProfile(Mapping.UNKNOWN, Filtering.UNKNOWN, Allocation.UNKNOWN, 0, Answer.UNKNOWN, null, null, null);

    /** How the external port of a socket depends on where it sends to (RFC 4787, section 4.1). */
    public enum Mapping {
        /** Not found out. */
        UNKNOWN,
        /** Addresses are not translated. */
        NONE,
        /** One port, wherever it sends to: endpoint-independent. */
        ENDPOINT_INDEPENDENT,
        /** One port for each address. */
        ADDRESS_DEPENDENT,
        /** One port for each address and port. */
        ADDRESS_AND_PORT_DEPENDENT;

        /** Whether a third party sees another port than we know of. */
        public boolean dependent() {
            return this == ADDRESS_DEPENDENT || this == ADDRESS_AND_PORT_DEPENDENT;
        }
    }

    /** Who may send to an external port (RFC 4787, section 5). */
    public enum Filtering {
        /** Not found out. */
        UNKNOWN,
        /** Anybody: endpoint-independent. */
        ENDPOINT_INDEPENDENT,
        /** Addresses that were sent to. */
        ADDRESS_DEPENDENT,
        /** Addresses and ports that were sent to. */
        ADDRESS_AND_PORT_DEPENDENT
    }

    /** Which external port a new mapping has. */
    public enum Allocation {
        /** Not found out. */
        UNKNOWN,
        /** The one that the socket is bound to. */
        PRESERVED,
        /** One a few steps from the last one, mostly above. */
        SEQUENTIAL,
        /** Any. */
        RANDOM
    }

    /** Of a question that may be open. */
    public enum Answer {
        /** Not found out. */
        UNKNOWN,
        /** It is so. */
        YES,
        /** It is not. */
        NO
    }

    /**
     * Whether others can tell by which port a stranger will see us: the NAT keeps to one, or there is none. Where the mapping is not
     * known, one that gives new sockets ports of its own choice is taken for one that does not keep to them, as most are.
     */
    public boolean steady() {
        return mapping == Mapping.UNKNOWN
                ? allocation != Allocation.RANDOM && allocation != Allocation.SEQUENTIAL
                : !mapping.dependent();
    }

    /** Whether it does not, but the next port can be told from the last one. */
    public boolean predictable() {
        return !steady() && allocation == Allocation.SEQUENTIAL && step != 0;
    }

    /** The same, with what is not known of it taken from another one of the same NAT. */
    NatProfile or(NatProfile other) {
        boolean allocates = allocation != Allocation.UNKNOWN;
        return new NatProfile(
                mapping == Mapping.UNKNOWN ? other.mapping : mapping,
                filtering == Filtering.UNKNOWN ? other.filtering : filtering,
                allocates ? allocation : other.allocation,
                allocates ? step : other.step,
                hairpin == Answer.UNKNOWN ? other.hairpin : hairpin,
                publicAddress,
                mapped,
                lifetime);
    }

    /** In the words of the field: full cone, port-restricted cone, symmetric … */
    public String kind() {
        if (mapping == Mapping.UNKNOWN) {
            return "unknown";
        }
        if (mapping == Mapping.NONE) {
            return filtering == Filtering.ENDPOINT_INDEPENDENT ? "open" : "firewall";
        }
        if (mapping.dependent()) {
            return allocation == Allocation.SEQUENTIAL ? "symmetric, sequential ports" : "symmetric";
        }
        return switch (filtering) {
            case ENDPOINT_INDEPENDENT -> "full cone";
            case ADDRESS_DEPENDENT -> "address-restricted cone";
            case ADDRESS_AND_PORT_DEPENDENT -> "port-restricted cone";
            case UNKNOWN -> "cone";
        };
    }
}
