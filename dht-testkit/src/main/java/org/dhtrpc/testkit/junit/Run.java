package org.dhtrpc.testkit.junit;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import org.dhtrpc.Dht;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.opentest4j.TestAbortedException;

/** One run of a test, with one seed, on a network of its own. */
final class Run
        implements TestTemplateInvocationContext,
                BeforeEachCallback,
                AfterEachCallback,
                ParameterResolver,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {
    private final Simulations simulations;
    private final SimulationTest test;
    private final Seed seed;
    private final boolean again;
    private final KeptSeeds kept;
    private @Nullable SimulatedNetwork network;
    private List<Dht> nodes = List.of();

    Run(Simulations simulations, SimulationTest test, Seed seed, boolean again, KeptSeeds kept) {
        this.simulations = simulations;
        this.test = test;
        this.seed = seed;
        this.again = again;
        this.kept = kept;
    }

    @Override
    public String getDisplayName(int invocationIndex) {
        return seed + (again ? " again" : "");
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of(this);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        try {
            SimulatedNetwork started = simulations.network(seed.value(), test.byReference());
            network = started;
            if (test.nodes() > 0) {
                nodes = started.start(test.nodes(), simulations.node());
            }
        } catch (TestAbortedException e) {
            throw e;
        } catch (RuntimeException | AssertionError e) {
            throw Replay.of(context, seed.value()).wrap(e, end());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Type type = parameter.getParameter().getParameterizedType();
        return type == SimulatedNetwork.class
                || (type instanceof ParameterizedType list
                        && list.getRawType() == List.class
                        && list.getActualTypeArguments()[0] == Dht.class);
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (network == null) {
            throw new ParameterResolutionException("The constructor comes before the network: let the test method take "
                    + parameter.getParameter().getType().getSimpleName());
        }
        if (parameter.getParameter().getType() == SimulatedNetwork.class) {
            return network;
        }
        if (test.nodes() == 0) {
            throw new ParameterResolutionException(
                    "There are no nodes to hand in: say how many, @SimulationTest(nodes = 10)");
        }
        return nodes;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw replayable(failure, context);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw replayable(failure, context);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw replayable(failure, context);
    }

    /** The failure with what it takes to see it again; or itself, if it only says that the test does not apply. */
    private Throwable replayable(Throwable failure, ExtensionContext context) {
        if (failure instanceof TestAbortedException) {
            return failure;
        }
        return Replay.of(context, seed.value()).wrap(failure, end());
    }

    private String end() {
        return network == null ? seed + ", no network" : network.toString();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Throwable failure = context.getExecutionException().orElse(null);
        try {
            if (!(failure instanceof TestAbortedException)) {
                conclude(context, failure == null, end());
            }
        } finally {
            close();
        }
    }

    private void conclude(ExtensionContext context, boolean passed, String end) {
        String other = seed.differs(end);
        if (!passed || other != null) {
            seed.fail();
            kept.add(seed.value());
        } else if (!seed.failed()) {
            kept.remove(seed.value());
        }
        if (other != null) {
            throw Replay.of(context, seed.value()).different(other, end);
        }
        if (passed) {
            context.publishReportEntry("simulation", end);
        }
    }

    /** Lets go of what was simulated, whoever holds on to this run. */
    private void close() {
        if (network != null) {
            network.close();
        }
        network = null;
        nodes = List.of();
    }
}
