package io.opencrane.samples.operator;

import static io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.informer.InformerCache;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.AccessPolicyReconciler;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.litellm.LiteLlmGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The library's reconcilers, java-operator-sdk around it, and the health page. It never ends the process: {@link Main} does. */
final class OperatorHost implements AutoCloseable {
    private static final Duration CRDS_WITHIN = Duration.ofSeconds(30);
    private static final Duration RECONCILES_END_WITHIN = Duration.ofSeconds(5);

    private final InstanceScope scope;
    private final HostOptions options;
    private final KubernetesClient client;
    private final @Nullable Platform platform;
    private final KubernetesCluster cluster;
    private final NetworkFence fence;
    private final SharedCache cache;
    private final Operator operator;
    private final HealthPage health;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private volatile boolean closing;

    OperatorHost(Settings settings, HostOptions options, Config kubernetes) throws IOException {
        this.scope = settings.scope();
        this.options = options;
        client = new KubernetesClientBuilder().withConfig(kubernetes).build();
        KubernetesCluster home = KubernetesCluster.using(client, scope);
        fence = NetworkFence.of(settings).withIngressControllerIn(options.ingressControllerNamespace());
        platform = options.clusterTenants() ? new Platform(settings, fence, home) : null;
        cluster = platform == null ? home : home.reaching(platform.clusters());
        cache = new SharedCache(InformerCache.over(client, cluster));
        operator = new Operator(this::configure);
        TenantJob tenants = new TenantJob(reconciler(settings), Changed.tenants(cache));
        operator.register(
                tenants, config -> config.settingNamespaces(watched()).withGenericFilter(tenants::isStillThere));
        PolicyJob policies = new PolicyJob(policies(settings), Changed.policies(cache));
        operator.register(
                policies, config -> config.settingNamespaces(watched()).withGenericFilter(policies::isStillThere));
        if (platform != null) {
            ClusterTenantJob customers = new ClusterTenantJob(platform.reconciler(cluster));
            operator.register(customers, config -> config.withGenericFilter(customers::isStillThere));
        }
        health = new HealthPage(options.healthPort(), this::isHealthy, this::isReady);
    }

    private TenantReconciler reconciler(Settings settings) {
        TenantReconciler.Builder builder = TenantReconciler.builder(cluster, settings)
                .reader(cache.reader())
                .networkFence(fence);
        SecretText masterKey = settings.modelGateway().masterKey();
        if (settings.modelGateway().enabled() && masterKey != null) {
            builder.modelGateway(LiteLlmGateway.builder(settings.modelGateway().endpoint(), masterKey)
                    .build());
        }
        return builder.build();
    }

    private AccessPolicyReconciler policies(Settings settings) {
        return AccessPolicyReconciler.builder(cluster, settings)
                .reader(cache.reader())
                .build();
    }

    private Set<String> watched() {
        return scope.namespaces().isEmpty() ? Set.of(Constants.WATCH_ALL_NAMESPACES) : Set.copyOf(scope.namespaces());
    }

    private void configure(ConfigurationServiceOverrider sdk) {
        sdk.withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withReconciliationTerminationTimeout(RECONCILES_END_WITHIN)
                // The default ends the process from a thread of its own.
                .withInformerStoppedHandler((informer, failure) -> {
                    if (failure != null) {
                        end("A watch ended: " + failure.getMessage());
                    }
                });
        if (options.leaderElection()) {
            // Who loses an election made by build() goes on reconciling, until the callback ends the process.
            sdk.withLeaderElectionConfiguration(aLeaderElectionConfiguration("opencrane-operator")
                    .withLeaseNamespace(scope.home())
                    .withLeaderCallbacks(new LeaderCallbacks(
                            () -> {}, () -> end("The lease is lost; another process may lead now."), leader -> {}))
                    .build());
        }
    }

    void start() {
        if (options.installCrds()) {
            CrdBundle.load().install(client, CRDS_WITHIN);
        }
        requireDefinitions();
        operator.start();
    }

    /** Says what is wrong with the cluster, the credentials or the definitions, before informers say it in stack traces. */
    private void requireDefinitions() {
        String namespace = scope.namespaces().stream().findFirst().orElse("");
        List<ResourceKind> kinds = new ArrayList<>(List.of(ResourceKind.TENANT, ResourceKind.ACCESS_POLICY));
        if (options.clusterTenants()) {
            kinds.add(ResourceKind.CLUSTER_TENANT);
        }
        for (ResourceKind kind : kinds) {
            cluster.objects().list(ObjectType.of(kind), namespace, Filter.all(), 1, null);
        }
    }

    /** Waits until it cannot go on, and says why. */
    String awaitEnd() {
        return ended.join();
    }

    /** Who is closing gives the lease back, which is no failure. */
    private void end(String why) {
        if (!closing) {
            ended.complete(why);
        }
    }

    private boolean isHealthy() {
        return operator.getRuntimeInfo().isStarted()
                && operator.getRuntimeInfo().allEventSourcesAreHealthy()
                && !cache.hasFailed();
    }

    private boolean isReady() {
        return isHealthy() && cache.isWatching();
    }

    /** Finishes the reconciles that run. */
    @Override
    public void close() {
        closing = true;
        health.close();
        operator.stop();
        cache.close();
        if (platform != null) {
            platform.close();
        }
        cluster.close();
        client.close();
    }
}
