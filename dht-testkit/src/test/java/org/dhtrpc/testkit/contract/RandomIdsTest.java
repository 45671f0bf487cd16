package org.dhtrpc.testkit.contract;

import org.dhtrpc.spi.IdPolicy;

class RandomIdsTest extends IdPolicyContract {
    @Override
    protected IdPolicy policy() {
        return IdPolicy.random();
    }
}
