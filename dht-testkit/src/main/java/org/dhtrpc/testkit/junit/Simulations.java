package org.dhtrpc.testkit.junit;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.dhtrpc.Dht;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.SimulatedNetworkBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What the networks and nodes of the {@link SimulationTest}s of a class are like: a JUnit extension, for a
 * {@code static final} field with {@code @RegisterExtension}, one for a class and the classes nested in it.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final Simulations simulations = Simulations.of(host -> node(host))
 *         .on(seed -> SimulatedNetwork.seeded(seed).loss(0.05));
 * }</pre>
 *
 * <p>Immutable. With JUnit's parallel execution the functions are called on several threads at once, each with a network
 * of its own; they must share nothing that changes.
 *
 * <p>It reads JUnit configuration parameters, which are system properties as well: {@value
 * org.dhtrpc.testkit.Seeded#SEED}, {@value #SEEDS} and {@value #FOLDER}.
 */
public final class Simulations implements TestTemplateInvocationContextProvider {
    /** The parameter that says how many seeds each test tries. Seeds that failed before come on top. */
    public static final String SEEDS = "seeds";

    /**
     * The parameter that says where failing seeds are kept: a folder, {@code .simulation-seeds} of the working directory
     * if there is none. It has a file for each test method with seeds that failed, at most {@value KeptSeeds#MOST}, one on
     * a line. Files may be edited and deleted. Two processes must not run one class at a time with the same folder.
     */
    public static final String FOLDER = "seeds.folder";

    private final @Nullable Function<? super SimulatedHost, ? extends Dht> node;
    private final LongFunction<SimulatedNetworkBuilder> network;

    /** Networks that the testkit makes if it is told nothing but a seed, and no nodes. */
    public Simulations() {
        this(null, SimulatedNetwork::seeded);
    }

    private Simulations(
            @Nullable Function<? super SimulatedHost, ? extends Dht> node,
            LongFunction<SimulatedNetworkBuilder> network) {
        this.node = node;
        this.network = network;
    }

    /**
     * Simulations whose nodes this function makes, one after the other, in no virtual time.
     *
     * @param node makes a node on the host that it is given, as for {@link SimulatedNetwork#start}
     */
    public static Simulations of(Function<? super SimulatedHost, ? extends Dht> node) {
        return new Simulations(node, SimulatedNetwork::seeded);
    }

    /**
     * The same nodes on other networks.
     *
     * @param network makes the beginning of a network from a seed, with that seed
     */
    public Simulations on(LongFunction<SimulatedNetworkBuilder> network) {
        return new Simulations(node, network);
    }

    SimulatedNetwork network(long seed, boolean byReference) {
        SimulatedNetworkBuilder builder = network.apply(seed);
        return (byReference ? builder.byReference() : builder).build();
    }

    Function<? super SimulatedHost, ? extends Dht> node() {
        if (node == null) {
            throw new ExtensionConfigurationException(
                    "Nobody says how a node is made: the class of the test needs a field"
                            + " \"@RegisterExtension static final Simulations simulations = Simulations.of(host -> ...)\","
                            + " and it must be static");
        }
        return node;
    }

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), SimulationTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        SimulationTest test = AnnotationSupport.findAnnotation(context.getTestMethod(), SimulationTest.class)
                .orElseThrow();
        if (test.nodes() < 0) {
            throw new ExtensionConfigurationException("A number of nodes is 0 or more, not " + test.nodes());
        }
        if (test.nodes() > 0) {
            node();
        }
        String name = context.getRequiredTestClass().getName() + "#"
                + context.getRequiredTestMethod().getName();
        KeptSeeds kept =
                new KeptSeeds(Path.of(context.getConfigurationParameter(FOLDER).orElse(".simulation-seeds"))
                        .resolve(name));
        return Sweep.of(test, context)
                .seeds(kept.read())
                .flatMap(seed -> (test.twice() ? Stream.of(false, true) : Stream.of(false))
                        .map(again -> new Run(this, test, seed, again, kept)));
    }
}
