package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.informer.InformerCache;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told when a tenant's own reconcile cannot be counted on, because something else is wrong with it. */
@ControlPlaneTest
class StuckTenantsTest {
    private final PolicyWorld world = PolicyWorld.fresh();
    private final Queue<TenantId> tenants = new ConcurrentLinkedQueue<>();
    private final Queue<AccessPolicyId> policies = new ConcurrentLinkedQueue<>();
    private final RealCluster server;
    private final KubernetesClient client;
    private KubernetesCluster cluster;
    private InformerCache cache;

    StuckTenantsTest(ControlPlane controlPlane) {
        server = RealCluster.of(controlPlane);
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
    }

    @BeforeEach
    void start() {
        world.on(server.with(List.of(world.home, world.second)));
        world.createPolicy(policy("wide"), forTeam("research", PolicyScenarios.OFFICE));
        world.tenant("ada", spec -> spec.team("research"));
        world.tenant("bob", spec -> spec);
        cluster = KubernetesCluster.using(client, world.scope());
        cache = InformerCache.over(client, cluster)
                .onChange(tenants::add)
                .onPolicyChange(policies::add)
                .start(Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        cache.close();
        cluster.close();
        client.close();
        server.close();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20));
    }

    private TenantId tenant(String name) {
        return new TenantId(world.home, name);
    }

    private AccessPolicyId policy(String name) {
        return new AccessPolicyId(world.home, name);
    }

    /** Any of them may be stuck before it comes to the fence. */
    @Test
    void everyTenantThatRunsThereIsToldOfAFenceThatGoes() {
        ObjectRef sentinel = world.network("sentinel");
        GenericKubernetesResource last = PolicyWorld.object(sentinel, Map.of("podSelector", Map.of()));
        last.getMetadata().setLabels(Map.of("opencrane.io/policy", "sentinel"));
        last.getMetadata().setAnnotations(Map.of("opencrane.io/policy-namespace", world.home));
        world.objects().create(last);
        soon().until(() -> policies.contains(policy("sentinel")) && tenants.contains(tenant("bob")));
        tenants.clear();
        ObjectRef fence = NetworkFence.tenantBaseline(world.home);

        world.objects().delete(fence, world.live(fence).getMetadata().getUid());

        soon().until(() -> tenants.contains(tenant("ada")) && tenants.contains(tenant("bob")));
    }

    /** Its status, which would tell, is written by its reconcile. */
    @Test
    void thePolicyThatATenantLeavesBecauseOfAnotherIsTold() {
        world.merge(
                ObjectType.of(ResourceKind.TENANT).named(world.home, "ada"), "{\"spec\":{\"policyRef\":\"strict\"}}");
        soon().until(() -> policies.contains(policy("strict")));
        policies.clear();

        world.createPolicy(policy("strict"), spec -> spec);

        soon().until(() -> policies.contains(policy("strict")) && policies.contains(policy("wide")));
    }
}
