package io.opencrane.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test a whole OpenCrane instance in memory, in namespace {@value #NAMESPACE}, and takes it down afterwards. A test asks for what
 * it needs by parameter: {@code OpenCrane}, {@code TenantReconciler}, {@code AccessPolicyReconciler}, {@code KubernetesCluster},
 * {@code InMemoryCluster}, {@code FakeKubelet}, {@code InMemoryProjection}, {@link io.opencrane.testkit.fault.Faults}, {@link TestClock},
 * {@code Settings} and, with {@link #liteLlm}, {@code FakeLiteLlm}, with {@link #platform}, {@code ClusterTenantReconciler},
 * {@code FakeProvisioner} and {@code InMemoryCustomerClusters}. The parameters of its constructor, {@code @BeforeEach} and
 * {@code @AfterEach} methods are parts of the same instance; {@code @BeforeAll}, {@code @AfterAll} and the constructor of a
 * {@code PER_CLASS} test can have none.
 *
 * <pre>{@code
 * @OpenCraneTest
 * class OnboardingTest {
 *     @Test
 *     void aNewEmployeeGetsAnAssistant(OpenCrane openCrane) {
 *         new Onboarding(openCrane.tenants()).hire("ada", "ada@acme.com");
 *         assertThat(openCrane.tenants().get(new TenantId("opencrane", "ada")).spec().email()).isEqualTo("ada@acme.com");
 *     }
 * }
 * }</pre>
 *
 * <p>Nothing reconciles by itself: a test says when. Policies become NetworkPolicies; their domain names need
 * {@code InMemoryCluster.serve(ObjectType.CILIUM_NETWORK_POLICY)}, as they need Cilium in a cluster.
 *
 * <p>All ports are behind the same {@code Faults}. The one cluster fake is written against opencrane-k8s, so that artifact must be on the
 * test class path, and opencrane-litellm too with {@link #liteLlm}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OpenCraneExtension.class)
public @interface OpenCraneTest {
    /** The namespace of the instance. */
    String NAMESPACE = "opencrane";

    /**
     * Whether there is a model gateway: a fake LiteLLM over HTTP on a free loopback port.
     *
     * @return false by default: tenants then run without model keys
     */
    boolean liteLlm() default false;

    /**
     * Whether it is the platform of its cluster, which looks after customers: its scope is the whole cluster, and a
     * {@code FakeProvisioner} makes customers' own clusters, in memory.
     *
     * @return false by default: {@code OpenCrane.clusterTenants()} is refused then
     */
    boolean platform() default false;
}
