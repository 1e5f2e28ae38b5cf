package io.opencrane.k8s.reconcile;

import io.opencrane.core.InstanceScope;
import io.opencrane.core.budget.ModelKeyLifecycle;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.port.RuntimeEntitlements;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.remote.CustomerClusters;
import io.opencrane.k8s.resource.ResourceStores;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a run works with: home, or with objects of a customer's own cluster and everything else of home.
 *
 * @param resources the custom resources, always those at home
 * @param objects reads may be as old as a cache
 * @param fresh the same cluster; reads are never cached
 * @param instanceId what tells this instance from others on one LiteLLM
 * @param mover moves state between namespaces; null where the host has none
 * @param clusters reaches customers' own clusters
 * @param keys the key lifecycle; null while LiteLLM is not enabled, and then neither keys nor Secrets are touched (DECISIONS 34)
 */
record Context(
        InstanceScope scope,
        ResourceStore resources,
        ObjectStore objects,
        ObjectStore fresh,
        Applier applier,
        Settings settings,
        Supplier<String> instanceId,
        @Nullable ModelKeyLifecycle keys,
        ParentLookup parents,
        CustomerClusters clusters,
        RuntimeEntitlements entitlements,
        @Nullable StateMover mover,
        SecureRandom random) {
    /** For what needs neither keys nor state: policies. */
    static Context of(
            KubernetesCluster cluster,
            Settings settings,
            ObjectReader reader,
            ObjectReader told,
            Applier applier,
            @Nullable ParentLookup parents) {
        ObjectStore objects = new ReadThrough(cluster.objects(), reader, told);
        ResourceStore resources = ResourceStores.over(objects, cluster.scope());
        return new Context(
                cluster.scope(),
                resources,
                objects,
                cluster.objects(),
                applier.over(objects),
                settings,
                () -> settings.instanceId().orElseGet(cluster::installUid),
                null,
                Objects.requireNonNullElseGet(parents, () -> ParentLookup.byWhatMayBeRead(resources, reader)),
                cluster.customerClusters(),
                RuntimeEntitlements.NONE,
                null,
                new SecureRandom());
    }

    /** The same with what tenants need besides. */
    Context with(@Nullable ModelKeyLifecycle lifecycle, RuntimeEntitlements given, @Nullable StateMover moves) {
        return new Context(
                scope,
                resources,
                objects,
                fresh,
                applier,
                settings,
                instanceId,
                lifecycle,
                parents,
                clusters,
                given,
                moves,
                random);
    }

    /** The same with another way to find customers. */
    Context with(ParentLookup lookup) {
        return new Context(
                scope,
                resources,
                objects,
                fresh,
                applier,
                settings,
                instanceId,
                keys,
                lookup,
                clusters,
                entitlements,
                mover,
                random);
    }

    /** The same in a customer's cluster, where nothing is cached (DECISIONS 27). */
    Context in(String cluster, ObjectStore there) {
        Applier applies = applier.over(cluster, there);
        return new Context(
                scope,
                resources,
                there,
                there,
                applies,
                settings,
                instanceId,
                keys,
                parents,
                clusters,
                entitlements,
                mover,
                random);
    }
}
