package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.spi.IdPolicy;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@code docs/spi/id-policy.md}, I1 to I6, for one {@link IdPolicy}. Extend it and say which:
 *
 * <pre>{@code
 * class MyPolicyTest extends IdPolicyContract {
 *     @Override
 *     protected IdPolicy policy() {
 *         return new MyPolicy();
 *     }
 * }
 * }</pre>
 *
 * <p>Its addresses are random; {@link #ipv6} says whether those of IPv6 are among them. That a policy does not block (I5) no
 * test here can see.
 */
public abstract class IdPolicyContract extends Surroundings {
    private static final int ROUNDS = 200;

    /** Nothing is made before the first test. */
    protected IdPolicyContract() {}

    /** The policy, the same one or another that is equal to it each time. */
    protected abstract IdPolicy policy();

    /** Whether the policy makes ids for addresses of IPv6. True unless overridden; it refuses them quietly in any case (I6). */
    protected boolean ipv6() {
        return true;
    }

    @Test
    void I1_what_is_made_for_an_address_is_accepted_there() {
        IdPolicy policy = policy();
        Seeded.rounds(ROUNDS, random -> {
            Endpoint own = endpoint(random);
            Key id = policy.create(random, own);
            assertThat(policy.accept(id, own)).as("%s at %s", id, own).isTrue();
            assertThat(policy().accept(id, own)).as("by an equal policy").isTrue();
        });
    }

    @Test
    void I2_all_chance_is_drawn_from_the_generator() {
        IdPolicy policy = policy();
        Seeded.rounds(ROUNDS, random -> {
            long seed = random.nextLong();
            Endpoint own = endpoint(random);
            Key id = policy.create(new SplittableRandom(seed), own);
            policy.create(random, endpoint(random));
            assertThat(policy.create(new SplittableRandom(seed), own)).isEqualTo(id);
            assertThat(policy().create(new SplittableRandom(seed), own)).isEqualTo(id);
        });
    }

    @Test
    void I3_the_same_contact_is_judged_alike_each_time() {
        IdPolicy policy = policy();
        List<Key> ids = new ArrayList<>();
        List<Endpoint> endpoints = new ArrayList<>();
        List<Boolean> first = new ArrayList<>();
        Seeded.rounds(ROUNDS, random -> {
            Endpoint endpoint = endpoint(random);
            Key id = random.nextBoolean() ? policy.create(random, endpoint) : Key.random(random);
            ids.add(id);
            endpoints.add(endpoint);
            first.add(policy.accept(id, endpoint));
        });
        for (int i = ids.size() - 1; i >= 0; i--) {
            Endpoint equal = Endpoint.parse(endpoints.get(i).toString());
            assertThat(policy.accept(Key.of(ids.get(i).toByteArray()), equal))
                    .as("%s at %s", ids.get(i), equal)
                    .isEqualTo(first.get(i));
        }
    }

    @Test
    void I4_a_node_whose_address_is_unknown_gets_an_id() {
        Seeded.rounds(ROUNDS, random -> {
            long seed = random.nextLong();
            Key id = policy().create(new SplittableRandom(seed), null);
            assertThat(id).isNotNull();
            assertThat(policy().create(new SplittableRandom(seed), null)).isEqualTo(id);
        });
    }

    @Test
    void I5_many_threads_use_one_policy_at_once() {
        IdPolicy policy = policy();
        onThreads(
                4,
                5,
                n -> Seeded.rounds(ROUNDS, random -> {
                    long seed = random.nextLong();
                    Endpoint own = endpoint(random);
                    Key id = policy.create(new SplittableRandom(seed), own);
                    assertThat(policy.accept(id, own)).isTrue();
                    assertThat(policy.create(new SplittableRandom(seed), own)).isEqualTo(id);
                }));
    }

    @Test
    void I6_a_refusal_is_no_exception() {
        IdPolicy policy = policy();
        List<Endpoint> odd = new ArrayList<>();
        for (String text : List.of("0.0.0.0:0", "255.255.255.255:65535", "[::]:0", "[::1]:1", "[2001:db8::1]:3282")) {
            odd.add(Endpoint.parse(text));
        }
        Seeded.rounds(ROUNDS, random -> {
            Endpoint endpoint = random.nextBoolean() ? odd.get(random.nextInt(odd.size())) : endpoint(random);
            Key id = random.nextInt(4) == 0 ? Key.ZERO : Key.random(random);
            assertThatCode(() -> policy.accept(id, endpoint))
                    .as("%s at %s", id, endpoint)
                    .doesNotThrowAnyException();
        });
    }

    private Endpoint endpoint(RandomGenerator random) {
        byte[] address = new byte[ipv6() && random.nextBoolean() ? 16 : 4];
        random.nextBytes(address);
        return Endpoint.of(address, 1 + random.nextInt(65_535));
    }
}
