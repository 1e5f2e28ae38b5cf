package io.opencrane.testkit.controlplane;

import java.util.Optional;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The JUnit extension behind {@link ControlPlaneTest}: the condition, the shared {@link ControlPlane} and its end. After the last test it
 * prints {@code control-plane tests executed: N}, so that a build which skipped them all can be told from one that ran them.
 */
public final class ControlPlaneExtension implements ExecutionCondition, ParameterResolver, AfterTestExecutionCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(ControlPlaneExtension.class);

    /** For JUnit. */
    public ControlPlaneExtension() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Shared shared = shared(context);
        Optional<Assets> assets = Assets.in(System.getenv());
        if (assets.isEmpty()) {
            return shared.skip("No control plane: " + Assets.VARIABLE + " is not set. " + Assets.HOW_TO_SET);
        }
        if (needsControllerManager(context) && !assets.get().hasControllerManager()) {
            return shared.skip("No kube-controller-manager in " + assets.get().directory() + ". " + Assets.HOW_TO_SET);
        }
        return ConditionEvaluationResult.enabled(Assets.VARIABLE + " is set");
    }

    private static boolean needsControllerManager(ExtensionContext context) {
        return context.getTestClass()
                .map(type -> type.getAnnotation(ControlPlaneTest.class))
                .map(ControlPlaneTest::needsControllerManager)
                .orElse(false);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ControlPlane.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return shared(context).controlPlane();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        shared(context).count();
    }

    private static Shared shared(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(Shared.class, key -> new Shared(), Shared.class);
    }
}
