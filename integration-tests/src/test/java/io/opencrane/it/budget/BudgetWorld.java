package io.opencrane.it.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.budget.BudgetService;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.blueprint.Annotations;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.reconcile.ReconcileResult;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import io.opencrane.testkit.litellm.FakeLiteLlm.KeySnapshot;
import io.opencrane.testkit.litellm.FakeLiteLlm.TeamSnapshot;
import io.opencrane.testkit.projection.InMemoryProjection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** One instance of tenants with a LiteLLM of its own clock; the ports may be cut, the systems themselves are not. */
final class BudgetWorld implements AutoCloseable {
    static final String NAMESPACE = "opencrane";
    static final TenantId ACME = new TenantId(NAMESPACE, "acme");
    static final String ACME_TEAM = "oc-budget-opencrane-acme";
    static final SecretText MASTER_KEY = SecretText.of("sk-master");

    final TestClock clock = TestClock.at("2026-01-10T12:00:00Z");
    final InMemoryCluster memory = InMemoryCluster.create(InstanceScope.namespace(NAMESPACE), clock);
    final ObjectStore objects = memory.objects();
    final FakeKubelet kubelet = FakeKubelet.withControllers(objects);
    final InMemoryProjection projection = new InMemoryProjection(clock);
    final FakeLiteLlm liteLlm;
    final OpenCrane openCrane;
    final BudgetService budgets;
    final TenantReconciler reconciler;

    BudgetWorld() {
        this(new Faults(), 2);
    }

    /**
     * A world with faults.
     *
     * @param faults cut the ports
     * @param attempts of the client; with one, whatever goes wrong at the gateway reaches its caller
     */
    BudgetWorld(Faults faults, int attempts) {
        liteLlm = FakeLiteLlm.start(MASTER_KEY, clock);
        Settings settings = Settings.builder()
                .namespace(NAMESPACE)
                .watchNamespaces(NAMESPACE)
                .instanceId("budget")
                .ingressDomain("example.com")
                .liteLlmEnabled(true)
                .liteLlmEndpoint(liteLlm.endpoint())
                .liteLlmMasterKey(MASTER_KEY)
                .build();
        KubernetesCluster cluster =
                KubernetesCluster.over(faults.wrap(ObjectStore.class, objects), InstanceScope.namespace(NAMESPACE));
        ModelGateway gateway = faults.wrap(
                ModelGateway.class,
                LiteLlmGateway.builder(liteLlm.endpoint(), MASTER_KEY)
                        .attempts(attempts, Duration.ofMillis(1))
                        .circuit(1000, Duration.ofSeconds(30))
                        .build());
        openCrane = OpenCrane.builder()
                .cluster(cluster)
                .projection(faults.wrap(ProjectionStore.class, projection))
                .modelGateway(gateway)
                .settings(settings)
                .clock(clock)
                .pause(clock)
                .build();
        budgets = openCrane.budgets();
        reconciler = TenantReconciler.builder(cluster, settings)
                .modelGateway(gateway)
                .clock(clock)
                .build();
    }

    TenantService tenants() {
        return openCrane.tenants();
    }

    /** A running tenant. */
    void create(String name, String monthlyBudgetUsd) {
        NewTenant.Builder tenant = NewTenant.builder(name, name, name + "@example.com");
        if (monthlyBudgetUsd != null) {
            tenant.monthlyBudgetUsd(monthlyBudgetUsd);
        }
        tenants().create(tenant.build());
        settle(new TenantId(NAMESPACE, name));
    }

    ReconcileResult reconcile(TenantId id) {
        return reconciler.reconcile(id).orElseThrow();
    }

    /** Reconciles until nothing is left to be done and the tenant's pods run what was applied. */
    void settle(TenantId id) {
        for (int i = 0; i < 10; i++) {
            ReconcileResult result = reconcile(id);
            int started = kubelet.runOnce();
            boolean nothingToDo = started == 0 && result.children().stream().allMatch(BudgetWorld::isUnchanged);
            if (nothingToDo && result.tenant().status().phase() == TenantPhase.RUNNING) {
                return;
            }
        }
        throw new AssertionError("not running: " + tenants().get(id).status());
    }

    private static boolean isUnchanged(ChildChange change) {
        return change.action() == ChildChange.Action.UNCHANGED;
    }

    GenericKubernetesResource secret(TenantId id) {
        return objects.get(new TenantChildren(id.name(), NAMESPACE).modelKey()).orElseThrow();
    }

    /** As with kubectl. */
    void deleteSecret(TenantId id) {
        objects.delete(
                new TenantChildren(id.name(), NAMESPACE).modelKey(),
                secret(id).getMetadata().getUid());
    }

    SecretText key(TenantId id, String field) {
        String data = secret(id).get("data", field);
        return SecretText.of(new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
    }

    SecretText key(TenantId id) {
        return key(id, "apiKey");
    }

    long podRevision(TenantId id) {
        return Annotations.keyRevision(objects.get(new TenantChildren(id.name(), NAMESPACE).deployment())
                .orElseThrow());
    }

    long deploymentGeneration(TenantId id) {
        return objects.get(new TenantChildren(id.name(), NAMESPACE).deployment())
                .orElseThrow()
                .getMetadata()
                .getGeneration();
    }

    List<KeySnapshot> keysOf(String team) {
        return liteLlm.keys().stream().filter(key -> team.equals(key.teamId())).toList();
    }

    TeamSnapshot team(String teamId) {
        return liteLlm.teams().stream()
                .filter(team -> team.teamId().equals(teamId))
                .findFirst()
                .orElseThrow();
    }

    /** A Secret as the deployed platform lays it: it marks nothing but alias, time and budget. */
    void platformSecret(TenantId id, SecretText key, String alias, String budget) {
        GenericKubernetesResource secret = new GenericKubernetesResource();
        secret.setApiVersion("v1");
        secret.setKind("Secret");
        secret.setMetadata(new ObjectMetaBuilder()
                .withNamespace(NAMESPACE)
                .withName("openclaw-" + id.name() + "-litellm-key")
                .withLabels(Map.of(
                        "app.kubernetes.io/part-of", "opencrane",
                        "app.kubernetes.io/component", "tenant",
                        "app.kubernetes.io/managed-by", "opencrane-operator",
                        "opencrane.io/tenant", id.name()))
                .withAnnotations(Map.of(
                        "opencrane.io/litellm-key-alias", alias,
                        "opencrane.io/litellm-issued-at", "2025-12-24T08:00:00Z",
                        "opencrane.io/litellm-monthly-budget-usd", budget))
                .build());
        secret.setAdditionalProperty("type", "Opaque");
        secret.setAdditionalProperty(
                "data",
                Map.of("apiKey", Base64.getEncoder().encodeToString(key.reveal().getBytes(StandardCharsets.UTF_8))));
        objects.create(secret);
    }

    void assertExactlyOneLiveKey(TenantId id, String team) {
        assertThat(keysOf(team))
                .singleElement()
                .satisfies(key -> assertThat(key.hash())
                        .isEqualTo(secret(id).getMetadata().getAnnotations().get("opencrane.io/litellm-key-hash")));
        assertThat(liteLlm.isLive(key(id))).as("the key in the Secret works").isTrue();
    }

    @Override
    public void close() {
        liteLlm.close();
    }
}
