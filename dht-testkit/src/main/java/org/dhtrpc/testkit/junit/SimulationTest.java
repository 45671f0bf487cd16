package org.dhtrpc.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that is run once for each seed of a sweep, each time on a network of its own, with nodes started on it. It takes
 * the {@link org.dhtrpc.testkit.SimulatedNetwork} as a parameter, the nodes as a {@code List<Dht>}, or both; so may
 * methods that run before and after each test. The network is closed afterwards, and its nodes with it.
 *
 * <pre>{@code
 * class FindsTheNearestTest {
 *     @RegisterExtension
 *     static final Simulations simulations = Simulations.of(host -> DhtNode.builder()
 *             .transport(host.transport()).codec(host.codec(new MsgpackCodec())).random(host.random()).id(host.id())
 *             .bootstrap("10.0.0.1:3282").build());
 *
 *     @SimulationTest(nodes = 100, seeds = 20)
 *     void finds_the_nearest(SimulatedNetwork network, List<Dht> nodes) {
 *         nodes.forEach(node -> network.await(node.ready()));
 *         QueryStream search = nodes.get(7).findNode(nodes.get(42).id());
 *         network.await(search.results());
 *         assertThat(network.await(search.summary()).closest().get(0).id()).isEqualTo(nodes.get(42).id());
 *     }
 * }
 * }</pre>
 *
 * <p>The message of a failure ends with the seed, the virtual time, the trace hash and the command that runs this seed
 * alone; in that of a run that passes, JUnit's report has the first three. A seed that fails is kept in a file and comes
 * first the next time, until it passes again.
 *
 * <p>A test without nodes needs no {@link Simulations}, and makes its own by way of the network.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@TestTemplate
@ExtendWith(Simulations.class)
public @interface SimulationTest {
    /** How many nodes are started before the test begins, as {@link Simulations#of} says: 0 or more. */
    int nodes() default 0;

    /**
     * How many seeds are tried, 1 or more. The configuration parameter or system property {@value Simulations#SEEDS}, if
     * there is one, says how many instead, for all tests.
     */
    int seeds() default 1;

    /** The first seed; the others count up from it. */
    long firstSeed() default 1;

    /**
     * Whether each seed is run twice, the second time as a test "seed 7 again" that fails if virtual time or trace hash
     * differ: then something but the seed decides what happens.
     */
    boolean twice() default false;

    /** Whether messages travel as they are: {@link org.dhtrpc.testkit.SimulatedNetworkBuilder#byReference}. */
    boolean byReference() default false;
}
