package io.opencrane.testkit.controlplane;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs the tests of a class against a real control plane. One is shared by all such classes of a test run, started when the first of them
 * asks for a parameter of type {@link ControlPlane} and closed at the end; tests keep apart by namespaces of their own. Without
 * {@code KUBEBUILDER_ASSETS} the tests are skipped, and say how to set it; with it they are never skipped, except that
 * {@link #needsControllerManager} also needs that binary.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ControlPlaneExtension.class)
public @interface ControlPlaneTest {
    /**
     * Whether the tests need Pods, quota, garbage collection or namespace deletion.
     *
     * @return true to be skipped, loudly, without kube-controller-manager
     */
    boolean needsControllerManager() default false;
}
