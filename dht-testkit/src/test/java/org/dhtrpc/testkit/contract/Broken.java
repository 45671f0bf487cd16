package org.dhtrpc.testkit.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A contract's subject that is to fail: a {@link Verdict} runs it, and nobody else who looks for tests. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Broken.Condition.class)
@interface Broken {
    /** The configuration parameter that a verdict sets. */
    String VERDICT = "org.dhtrpc.testkit.verdict";

    /** Asks for that parameter. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return context.getConfigurationParameter(VERDICT).isPresent()
                    ? ConditionEvaluationResult.enabled("a verdict is asked for")
                    : ConditionEvaluationResult.disabled("it is broken, and fails");
        }
    }
}
