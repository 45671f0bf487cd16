package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.spi.IdPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each of these policies is broken in one way, and fails the rule that it breaks and those which follow from it. */
class BrokenIdPolicyTest {
    private static IdPolicy subject = IdPolicy.random();

    static Stream<Arguments> policies() {
        return Stream.of(
                arguments("makes random ids", IdPolicy.random(), ""),
                arguments("binds ids to addresses", new Bound(), ""),
                arguments("disowns what it makes", new Disowning(), "I1 I5"),
                arguments("has chance of its own", new Hidden(), "I2 I4 I5"),
                arguments("refuses whom it has seen", new Remembering(), "I1 I3 I5"),
                arguments("needs an address", new Needing(), "I4"),
                arguments("serves one thread", new Confined(), "I5"),
                arguments("throws what it should refuse", new Throwing(), "I3 I6"));
    }

    @ParameterizedTest(name = "a policy that {0} fails {2}")
    @MethodSource("policies")
    void fails(String how, IdPolicy policy, String rules) {
        subject = policy;
        assertThat(Verdict.of(Subject.class)).isEqualTo(rules);
    }

    @Broken
    static class Subject extends IdPolicyContract {
        @Override
        protected IdPolicy policy() {
            return subject;
        }
    }

    /** The id is a hash of the address. */
    private static class Bound implements IdPolicy {
        @Override
        public Key create(RandomGenerator random, @Nullable Endpoint own) {
            return own == null ? Key.random(random) : Key.hashOf(Bytes.utf8(own.toString()));
        }

        @Override
        public boolean accept(Key id, Endpoint endpoint) {
            return id.equals(Key.hashOf(Bytes.utf8(endpoint.toString())));
        }
    }

    private static final class Disowning extends Bound {
        @Override
        public Key create(RandomGenerator random, @Nullable Endpoint own) {
            return Key.random(random);
        }
    }

    private static final class Hidden extends Bound {
        private final RandomGenerator hidden = new SplittableRandom(1);

        @Override
        public synchronized Key create(RandomGenerator random, @Nullable Endpoint own) {
            return Key.random(hidden);
        }

        @Override
        public boolean accept(Key id, Endpoint endpoint) {
            return true;
        }
    }

    private static final class Remembering extends Bound {
        private final Set<Key> seen = new HashSet<>();

        @Override
        public synchronized boolean accept(Key id, Endpoint endpoint) {
            return seen.add(id) && super.accept(id, endpoint);
        }
    }

    private static final class Needing extends Bound {
        @Override
        public Key create(RandomGenerator random, @Nullable Endpoint own) {
            return super.create(random, Objects.requireNonNull(own));
        }
    }

    private static final class Confined extends Bound {
        private final Thread owner = Thread.currentThread();

        @Override
        public Key create(RandomGenerator random, @Nullable Endpoint own) {
            if (owner != Thread.currentThread()) {
                throw new IllegalStateException("not the owner");
            }
            return super.create(random, own);
        }
    }

    private static final class Throwing extends Bound {
        @Override
        public boolean accept(Key id, Endpoint endpoint) {
            if (!super.accept(id, endpoint)) {
                throw new IllegalArgumentException("refused");
            }
            return true;
        }
    }
}
