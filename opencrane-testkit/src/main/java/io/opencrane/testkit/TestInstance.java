package io.opencrane.testkit;

import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.settings.SettingsBuilder;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.reconcile.AccessPolicyReconciler;
import io.opencrane.k8s.reconcile.ClusterTenantReconciler;
import io.opencrane.k8s.reconcile.NetworkBaseline;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.k8s.remote.CustomerClusters;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.cluster.InMemoryCustomerClusters;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import io.opencrane.testkit.projection.InMemoryProjection;
import io.opencrane.testkit.provisioner.FakeProvisioner;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One wired instance. The kubelet works behind the faults' back, as the real one does. */
final class TestInstance implements AutoCloseable {
    /** By name, because a host's test class path may lack what some of them come from. */
    static final Set<String> PARTS = Set.of(
            "io.opencrane.core.OpenCrane",
            "io.opencrane.core.settings.Settings",
            "io.opencrane.k8s.KubernetesCluster",
            "io.opencrane.k8s.reconcile.AccessPolicyReconciler",
            "io.opencrane.k8s.reconcile.ClusterTenantReconciler",
            "io.opencrane.k8s.reconcile.TenantReconciler",
            "io.opencrane.testkit.TestClock",
            "io.opencrane.testkit.cluster.FakeKubelet",
            "io.opencrane.testkit.cluster.InMemoryCluster",
            "io.opencrane.testkit.cluster.InMemoryCustomerClusters",
            "io.opencrane.testkit.fault.Faults",
            "io.opencrane.testkit.litellm.FakeLiteLlm",
            "io.opencrane.testkit.projection.InMemoryProjection",
            "io.opencrane.testkit.provisioner.FakeProvisioner");

    private final Map<Class<?>, Object> parts = new HashMap<>();
    private final @Nullable FakeLiteLlm liteLlm;

    TestInstance(boolean withLiteLlm, boolean isPlatform) {
        TestClock clock = add(TestClock.class, TestClock.at("2026-01-01T00:00:00Z"));
        Faults faults = add(Faults.class, new Faults());
        InstanceScope scope = isPlatform
                ? InstanceScope.wholeCluster(OpenCraneTest.NAMESPACE)
                : InstanceScope.namespace(OpenCraneTest.NAMESPACE);
        InMemoryCluster memory = add(InMemoryCluster.class, InMemoryCluster.create(scope, clock));
        InMemoryProjection projection = add(InMemoryProjection.class, new InMemoryProjection(clock));
        add(FakeKubelet.class, FakeKubelet.withControllers(memory.objects()));
        KubernetesCluster alone = KubernetesCluster.over(faults.wrap(ObjectStore.class, memory.objects()), scope);
        KubernetesCluster cluster =
                add(KubernetesCluster.class, isPlatform ? alone.reaching(customerClusters(faults, clock)) : alone);

        SettingsBuilder settings = Settings.builder()
                .namespace(OpenCraneTest.NAMESPACE)
                .instanceId("test")
                .ingressDomain("example.com");
        if (!isPlatform) {
            settings.watchNamespaces(OpenCraneTest.NAMESPACE);
        }
        OpenCrane.Builder openCrane = OpenCrane.builder()
                .cluster(cluster)
                .projection(faults.wrap(ProjectionStore.class, projection))
                .clock(clock)
                .pause(clock);
        if (isPlatform) {
            openCrane.provisioners(lookAfterCustomers(faults, cluster, settings.build(), clock));
        }
        if (withLiteLlm) {
            SecretText masterKey = SecretText.of("sk-master");
            liteLlm = add(FakeLiteLlm.class, FakeLiteLlm.start(masterKey, clock));
            settings.liteLlmEnabled(true).liteLlmEndpoint(liteLlm.endpoint()).liteLlmMasterKey(masterKey);
            // A test that stops the proxy and starts it again does not wait until it is believed to live.
            LiteLlmGateway real = LiteLlmGateway.builder(liteLlm.endpoint(), masterKey)
                    .circuit(1000, Duration.ofSeconds(30))
                    .clock(clock)
                    .build();
            ModelGateway gateway = faults.wrap(ModelGateway.class, real);
            openCrane.modelGateway(gateway);
            wire(settings.build(), openCrane, cluster, gateway, clock);
        } else {
            liteLlm = null;
            wire(settings.build(), openCrane, cluster, null, clock);
        }
    }

    private CustomerClusters customerClusters(Faults faults, TestClock clock) {
        InMemoryCustomerClusters clusters = add(InMemoryCustomerClusters.class, new InMemoryCustomerClusters(clock));
        return faults.wrap(CustomerClusters.class, clusters);
    }

    /** Calls run on the caller's thread: a test that lets a provisioner hang brings an executor and a reconciler of its own. */
    private Provisioners lookAfterCustomers(
            Faults faults, KubernetesCluster cluster, Settings settings, TestClock clock) {
        FakeProvisioner fake = add(FakeProvisioner.class, new FakeProvisioner(clock));
        Provisioners provisioners = Provisioners.calledOn(Runnable::run)
                .add(faults.wrap(ClusterTenantProvisioner.class, fake))
                .build();
        add(
                ClusterTenantReconciler.class,
                ClusterTenantReconciler.builder(cluster, NetworkBaseline.of(NetworkFence.of(settings)))
                        .provisioners(provisioners)
                        .clock(clock)
                        .build());
        faults.restart(); // being registered is no call of a test
        return provisioners;
    }

    static boolean isOfThePlatform(Class<?> part) {
        return part.equals(ClusterTenantReconciler.class)
                || part.equals(FakeProvisioner.class)
                || part.equals(InMemoryCustomerClusters.class);
    }

    private void wire(
            Settings settings,
            OpenCrane.Builder openCrane,
            KubernetesCluster cluster,
            @Nullable ModelGateway gateway,
            TestClock clock) {
        add(Settings.class, settings);
        add(OpenCrane.class, openCrane.settings(settings).build());
        TenantReconciler.Builder reconciler =
                TenantReconciler.builder(cluster, settings).clock(clock);
        if (gateway != null) {
            reconciler.modelGateway(gateway);
        }
        add(TenantReconciler.class, reconciler.build());
        add(
                AccessPolicyReconciler.class,
                AccessPolicyReconciler.builder(cluster, settings).clock(clock).build());
    }

    private <T> T add(Class<T> type, T part) {
        parts.put(type, part);
        return part;
    }

    @Nullable
    Object part(Class<?> type) {
        return parts.get(type);
    }

    @Override
    public void close() {
        if (liteLlm != null) {
            liteLlm.close();
        }
    }
}
