package org.dhtrpc.codec.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.spi.IdPolicy;
import org.dhtrpc.testkit.contract.IdPolicyContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract, and what is special to ids of dht-rpc 6. */
class AddressIdsTest extends IdPolicyContract {
    private static final Endpoint IPV6 = Endpoint.parse("[2001:db8::1]:49737");

    private final Random random = new Random(1);

    @Override
    protected IdPolicy policy() {
        return AddressIds.INSTANCE;
    }

    @Override
    protected boolean ipv6() {
        return false;
    }

    static Set<String> addresses() {
        return Vectors.IDS.keySet();
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void theIdIsThatOfNpm(String address) {
        Endpoint endpoint = Endpoint.parse(address);
        Key id = Key.of(Objects.requireNonNull(Vectors.IDS.get(address)));

        assertThat(policy().create(random, endpoint)).isEqualTo(id);
        assertThat(policy().accept(id, endpoint)).isTrue();
        assertThat(policy().accept(Key.random(random), endpoint)).isFalse();
    }

    @Test
    void anIdIsNotAcceptedAtAnotherPortOrAddress() {
        Key id = policy().create(random, Endpoint.parse("127.0.0.1:49737"));

        assertThat(policy().accept(id, Endpoint.parse("127.0.0.1:49738"))).isFalse();
        assertThat(policy().accept(id, Endpoint.parse("127.0.0.2:49737"))).isFalse();
    }

    @Test
    void withoutAnAddressOfIPv4TheIdIsRandom() {
        assertThat(policy().create(new Random(7), null)).isEqualTo(Key.random(new Random(7)));
        assertThat(policy().create(new Random(7), IPV6)).isEqualTo(Key.random(new Random(7)));
    }

    @Test
    void noIdIsAcceptedAtAnAddressOfIPv6() {
        assertThat(policy().accept(policy().create(random, IPV6), IPV6)).isFalse();
    }

    @Test
    void idsFollowFromAddresses() {
        assertThat(policy().bindsAddress()).isTrue();
        assertThat(new DhtRpc6Codec().wire().idPolicy()).isEqualTo(policy());
    }
}
