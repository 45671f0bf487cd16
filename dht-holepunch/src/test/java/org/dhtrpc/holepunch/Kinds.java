package org.dhtrpc.holepunch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.testkit.NatType;

/** The NATs of the matrices, by the short names that the laboratory of real ones has for them. */
final class Kinds {
    /** The five classic ones first. */
    static final Map<String, NatType> ALL = new LinkedHashMap<>();

    static {
        ALL.put("fc", NatType.FULL_CONE);
        ALL.put("ar", NatType.ADDRESS_RESTRICTED);
        ALL.put("pr", NatType.PORT_RESTRICTED);
        ALL.put("sym", NatType.SYMMETRIC);
        ALL.put("fw", NatType.FIREWALL);
        ALL.put("seq", NatType.SYMMETRIC_SEQUENTIAL);
        ALL.put("sa", NatType.SYMMETRIC_ADDRESS);
        ALL.put("syme", NatType.SYMMETRIC.filtering(NatType.Filtering.ENDPOINT_INDEPENDENT));
        ALL.put("prr", NatType.PORT_RESTRICTED.allocation(NatType.Allocation.RANDOM));
    }

    private Kinds() {}

    static NatType of(String name) {
        NatType type = ALL.get(name);
        if (type == null) {
            throw new IllegalArgumentException("There is no NAT " + name + "; there are " + ALL.keySet());
        }
        return type;
    }
}
