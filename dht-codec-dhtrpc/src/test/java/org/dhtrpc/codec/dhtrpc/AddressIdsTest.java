package org.dhtrpc.codec.dhtrpc;

import org.dhtrpc.spi.IdPolicy;
import org.dhtrpc.testkit.contract.IdPolicyContract;

/** The contract, and what is special to ids of dht-rpc 6. */
class AddressIdsTest extends IdPolicyContract {
    @Override
    protected IdPolicy policy() {
        return AddressIds.INSTANCE;
    }

    @Override
    protected boolean ipv6() {
        return false;
    }
}
