package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.informer.InformerCache;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.AccessPolicyReconciler;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told what by the caches when policies and tenants change, and what an idle policy costs with them. */
@ControlPlaneTest
class PolicyCachesTest {
    private static final String SENTINEL = "sentinel-";
    private static final List<String> RESEARCH = List.of("r-1", "r-2", "r-3");
    private static final List<String> SALES = List.of("s-1", "s-2");

    private final PolicyWorld world = PolicyWorld.fresh();
    private final Queue<TenantId> tenants = new ConcurrentLinkedQueue<>();
    private final Queue<AccessPolicyId> policies = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final RealCluster server;
    private final KubernetesClient client;
    private KubernetesCluster cluster;
    private InformerCache cache;
    private int sentinels;

    PolicyCachesTest(ControlPlane controlPlane) {
        server = RealCluster.of(controlPlane);
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("count", new Interceptor() {
                    @Override
                    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        if (!String.valueOf(request.uri().getQuery()).contains("watch=true")) {
                            requests.add(request.method() + " " + request.uri().getPath());
                        }
                    }
                }))
                .build();
    }

    /** Seven tenants of which five are under lab, and two of sales; in the other namespace one of each team. */
    @BeforeEach
    void start() {
        world.on(server.with(List.of(world.home, world.second)));
        world.createPolicy(new AccessPolicyId(world.home, "lab"), forTeam("research", PolicyScenarios.OFFICE));
        world.createPolicy(new AccessPolicyId(world.home, "shop"), forTeam("sales"));
        RESEARCH.forEach(name -> world.tenant(name, spec -> spec.team("research")));
        SALES.forEach(name -> world.tenant(name, spec -> spec.team("sales")));
        world.tenant("named", spec -> spec.policyRef("lab"));
        world.tenant("elsewhere", spec -> spec.team("research").policyRef("shop"));
        world.tenant(new TenantId(world.second, "r-1b"), spec -> spec.team("research"));
        world.reconcile("lab");
        world.reconcile("shop");
        cluster = KubernetesCluster.using(client, InstanceScope.namespaces(world.home, world.second));
        cache = InformerCache.over(client, cluster)
                .onChange(tenants::add)
                .onPolicyChange(policies::add)
                .start(Duration.ofSeconds(30));
        await().until(() -> tenants.contains(id("named")) && policies.contains(policy("shop")));
        settle();
    }

    @AfterEach
    void stop() {
        cache.close();
        cluster.close();
        client.close();
        server.close();
    }

    private TenantId id(String tenant) {
        return new TenantId(world.home, tenant);
    }

    private AccessPolicyId policy(String name) {
        return new AccessPolicyId(world.home, name);
    }

    private ObjectRef tenant(String name) {
        return ObjectType.of(ResourceKind.TENANT).named(world.home, name);
    }

    /**
     * What was told before this is over is forgotten: informers tell of one kind in the order of its changes, and the cluster's
     * controllers are done with what they were given when nothing is told for a while.
     */
    private void settle() {
        await().until(() -> Stream.of(world.home, world.second)
                .flatMap(place ->
                        world.objects().list(ObjectType.DEPLOYMENT, place, Filter.all(), 100, null).items().stream())
                .allMatch(made -> Integer.valueOf(1).equals(made.<Object>get("status", "updatedReplicas"))));
        for (int quiet = 0; quiet < 5; quiet++) {
            tenants.clear();
            policies.clear();
            waitForSentinels();
            if (!tenants.isEmpty() || !policies.isEmpty()) {
                quiet = -1;
            }
        }
    }

    private void waitForSentinels() {
        AccessPolicyId sentinel = new AccessPolicyId(world.second, SENTINEL + ++sentinels);
        world.createPolicy(sentinel, forTeam("nobody-" + sentinels));
        TenantId follower = new TenantId(world.second, sentinel.name());
        world.createTenant(follower, spec -> spec);
        await().atMost(Duration.ofSeconds(20)).until(() -> policies.contains(sentinel) && tenants.contains(follower));
        policies.remove(sentinel);
        tenants.remove(follower);
    }

    private void assertTold(List<String> toldTenants, List<String> toldPolicies) {
        waitForSentinels();
        assertThat(tenants)
                .containsExactlyInAnyOrderElementsOf(
                        toldTenants.stream().map(this::id).toList());
        assertThat(policies)
                .containsExactlyInAnyOrderElementsOf(
                        toldPolicies.stream().map(this::policy).toList());
        tenants.clear();
        policies.clear();
    }

    private static List<String> and(List<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    private void spec(String policy, String body) {
        world.merge(ObjectType.of(ResourceKind.ACCESS_POLICY).named(world.home, policy), "{\"spec\":" + body + "}");
    }

    @Test
    void aPolicyThatChangesConcernsExactlyTheTenantsItTouchesAndThePoliciesTheyAreUnder() {
        spec("lab", "{\"egressRules\":[]}");
        assertTold(List.of(), List.of("lab"));

        spec("lab", "{\"description\":\"for people\"}");
        assertTold(List.of(), List.of("lab"));

        spec("lab", "{\"mcpServers\":{\"allow\":[\"a\"]}}");
        assertTold(and(RESEARCH, "named"), List.of("lab"));

        spec("lab", "{\"tenantSelector\":{\"matchTeam\":\"sales\"}}");
        assertTold(Stream.concat(RESEARCH.stream(), SALES.stream()).toList(), List.of("lab", "shop"));

        world.createPolicy(policy("late"), forTeam("research"));
        assertTold(RESEARCH, List.of("lab", "late"));

        world.deletePolicy("late");
        assertTold(RESEARCH, List.of("lab", "late"));
    }

    @Test
    void whatOnlyTheStatusOfAPolicySaysConcernsNobody() {
        world.objects()
                .patch(
                        ObjectType.of(ResourceKind.ACCESS_POLICY).named(world.home, "lab"),
                        Target.STATUS,
                        PatchType.MERGE,
                        "{\"status\":{\"observedGeneration\":7}}");
        assertTold(List.of(), List.of());
    }

    @Test
    void aTenantThatChangesConcernsExactlyThePoliciesItComesFromAndGoesTo() {
        world.merge(tenant("r-1"), "{\"spec\":{\"team\":\"sales\"}}");
        assertTold(List.of("r-1"), List.of("lab", "shop"));

        world.merge(tenant("r-2"), "{\"spec\":{\"displayName\":\"Somebody else\"}}");
        assertTold(List.of("r-2"), List.of());

        world.merge(tenant("s-1"), "{\"spec\":{\"policyRef\":\"lab\"}}");
        assertTold(List.of("s-1"), List.of("lab", "shop"));

        status("s-2", "{\"message\":\"hello\"}");
        assertTold(List.of(), List.of());

        status("s-2", "{\"placement\":{\"namespace\":\"opencrane-gold\"}}");
        assertTold(List.of(), List.of("shop"));

        status("named", "{\"effectivePolicyRef\":\"shop\"}");
        assertTold(List.of(), List.of("lab", "shop"));
    }

    private void status(String tenant, String body) {
        world.objects().patch(tenant(tenant), Target.STATUS, PatchType.MERGE, "{\"status\":" + body + "}");
    }

    @Test
    void aNetworkPolicyThatSomebodyTouchesConcernsItsPolicyAlone() {
        world.merge(world.network("lab"), "{\"metadata\":{\"annotations\":{\"touched\":\"yes\"}}}");

        await().atMost(Duration.ofSeconds(20)).until(() -> policies.contains(policy("lab")));
        assertTold(List.of(), List.of("lab"));
    }

    @Test
    void anIdlePolicyAsksForNothingButWhetherCiliumIsThere() {
        Settings settings = Settings.builder()
                .namespace(world.home)
                .watchNamespaces(world.home, world.second)
                .build();
        AccessPolicyReconciler reconciler =
                AccessPolicyReconciler.builder(cluster, settings).reader(cache).build();
        reconciler.reconcile(policy("lab"));
        requests.clear();

        for (int i = 0; i < 10; i++) {
            reconciler.reconcile(policy("lab"));
        }

        assertThat(requests)
                .hasSize(10)
                .containsOnly("GET /apis/cilium.io/v2/namespaces/" + world.home + "/ciliumnetworkpolicies");
    }
}
