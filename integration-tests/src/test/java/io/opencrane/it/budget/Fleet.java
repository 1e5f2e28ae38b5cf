package io.opencrane.it.budget;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.Faults;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * New tenants and the reconcilers that look after them without caches. They are spread over small clusters behind one gateway, because a
 * large cluster in memory is slower than any gateway.
 */
final class Fleet {
    private static final String NAMESPACE = "opencrane";
    private static final InstanceScope SCOPE = InstanceScope.namespace(NAMESPACE);
    private static final Set<String> WRITES = Set.of("create", "apply", "patch", "delete");
    private static final int CLUSTER_SIZE = 20;

    private final List<Member> members;
    private final List<FakeKubelet> kubelets = new ArrayList<>();
    private long writes;

    private record Member(TenantId id, ObjectStore objects, Faults requests, TenantReconciler reconciler) {}

    Fleet(int size, ModelGateway gateway, TestClock clock) {
        List<Member> all = new ArrayList<>();
        while (all.size() < size) {
            int from = all.size();
            int to = Math.min(from + CLUSTER_SIZE, size);
            all.addAll(cluster(IntStream.range(from, to), gateway, clock));
        }
        members = List.copyOf(all);
    }

    private List<Member> cluster(IntStream numbers, ModelGateway gateway, TestClock clock) {
        ObjectStore objects = InMemoryCluster.create(SCOPE, clock).objects();
        kubelets.add(FakeKubelet.withControllers(objects));
        Faults requests = new Faults();
        TenantReconciler reconciler = TenantReconciler.builder(
                        KubernetesCluster.over(requests.wrap(ObjectStore.class, objects), SCOPE), settings())
                .modelGateway(gateway)
                .clock(clock)
                .build();
        ResourceStore resources = KubernetesCluster.over(objects, SCOPE).resources();
        return numbers.mapToObj(number -> {
                    Tenant made = resources.create(tenant("t" + number));
                    return new Member(made.id(), objects, requests, reconciler);
                })
                .toList();
    }

    private static Tenant tenant(String name) {
        TenantSpec spec = TenantSpec.builder("Tenant " + name, "owner@example.com")
                .monthlyBudgetUsd(BigDecimal.TEN)
                .build();
        return new Tenant(ResourceMetadata.of(NAMESPACE, name), spec, TenantStatus.empty());
    }

    /** Endpoint and key are for the pods; the gateway given has its own. */
    private static Settings settings() {
        return Settings.builder()
                .namespace(NAMESPACE)
                .watchNamespaces(NAMESPACE)
                .instanceId("fleet")
                .liteLlmEnabled(true)
                .liteLlmMasterKey(SecretText.of("sk-of-the-settings"))
                .build();
    }

    /** Reconciles one tenant and counts what it writes. */
    Tenant reconcile(int number) {
        Member member = members.get(number);
        member.requests.restart();
        Tenant after = member.reconciler.reconcile(member.id).orElseThrow().tenant();
        writes += member.requests.calls().stream()
                .filter(call -> WRITES.contains(call.method()))
                .count();
        return after;
    }

    List<Tenant> reconcileAll() {
        return IntStream.range(0, members.size()).mapToObj(this::reconcile).toList();
    }

    void runPods() {
        kubelets.forEach(FakeKubelet::runOnce);
    }

    /** The writes of reconciles since this was last asked. */
    long writes() {
        long counted = writes;
        writes = 0;
        return counted;
    }

    /** The keys in the Secrets of all tenants. */
    List<SecretText> keys() {
        return members.stream()
                .flatMap(member -> member.objects.get(secret(member.id)).stream())
                .map(Fleet::apiKey)
                .toList();
    }

    private static ObjectRef secret(TenantId id) {
        return new TenantChildren(id.name(), NAMESPACE).modelKey();
    }

    private static SecretText apiKey(GenericKubernetesResource secret) {
        String encoded = secret.get("data", "apiKey");
        return SecretText.of(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    }

    static Condition modelKeyReady(Tenant tenant) {
        return tenant.status().conditions().stream()
                .filter(condition -> condition.type().equals("ModelKeyReady"))
                .findFirst()
                .orElseThrow();
    }
}
