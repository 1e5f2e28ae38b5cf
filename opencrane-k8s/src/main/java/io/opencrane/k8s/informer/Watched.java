package io.opencrane.k8s.informer;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One informer: one type in one namespace, or in all. */
final class Watched {
    private static final Set<ObjectType> FILTERED = Set.of(ObjectType.SECRET, ObjectType.POD);
    private static final String BY_NAME = "name";
    private static final String BY_TENANT = "tenant";

    private final ObjectType type;
    private final String namespace;
    private final SharedIndexInformer<GenericKubernetesResource> informer;

    /** For all namespaces, pass an empty one. */
    Watched(KubernetesClient client, ObjectType type, String namespace, Written written, Affected affected) {
        this.type = type;
        this.namespace = namespace;
        this.informer = selected(client)
                .runnableInformer(0)
                .addIndexers(Map.of(
                        BY_NAME, object -> List.of(object.getMetadata().getName()), BY_TENANT, Watched::tenantLabel))
                .addEventHandler(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(GenericKubernetesResource added) {
                        affected.by(type, added, Affected.Existence.BEGINS);
                    }

                    @Override
                    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
                        affected.by(type, before, after);
                    }

                    @Override
                    public void onDelete(GenericKubernetesResource deleted, boolean finalStateUnknown) {
                        written.deleted(refOf(type, deleted), deleted);
                        affected.by(type, deleted, Affected.Existence.ENDS);
                    }
                });
    }

    private FilterWatchListDeletable<GenericKubernetesResource, ?, ?> selected(KubernetesClient client) {
        int slash = type.apiVersion().indexOf('/');
        var objects = client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(slash < 0 ? "" : type.apiVersion().substring(0, slash))
                .withVersion(type.apiVersion().substring(slash + 1))
                .withKind(type.kind())
                .withPlural(type.plural())
                .withNamespaced(type.isNamespaced())
                .build());
        var placed = namespace.isEmpty() ? objects.inAnyNamespace() : objects.inNamespace(namespace);
        return isFiltered() ? placed.withLabel(Ownership.TENANT_LABEL) : placed;
    }

    CompletableFuture<Void> start() {
        return informer.start()
                .exceptionally(cause -> {
                    throw Refused.of(type.plural() + (namespace.isEmpty() ? "" : " in " + namespace), cause);
                })
                .toCompletableFuture();
    }

    void stop() {
        informer.stop();
    }

    boolean isRunning() {
        return informer.isRunning();
    }

    boolean isWatching() {
        return informer.hasSynced() && informer.isWatching();
    }

    /** Whether this informer runs, is filled, and sees every such object of the namespace that passes its label. */
    boolean covers(String wanted) {
        return (namespace.isEmpty() || namespace.equals(wanted)) && informer.isRunning() && informer.hasSynced();
    }

    /** Whether an object without the tenant label is invisible here. */
    boolean isFiltered() {
        return FILTERED.contains(type);
    }

    Optional<GenericKubernetesResource> get(ObjectRef ref) {
        String key = Cache.namespaceKeyFunc(ref.namespace().isEmpty() ? null : ref.namespace(), ref.name());
        return Optional.ofNullable(informer.getStore().getByKey(key));
    }

    /** A superset of what the filter lets through, by the index that fits. */
    List<GenericKubernetesResource> candidates(String wanted, Filter filter) {
        String tenant = filter.labels().get(Ownership.TENANT_LABEL);
        List<GenericKubernetesResource> found;
        if (!filter.name().isEmpty()) {
            found = informer.getIndexer().byIndex(BY_NAME, filter.name());
        } else if (tenant != null) {
            found = informer.getIndexer().byIndex(BY_TENANT, tenant);
        } else if (wanted.isEmpty() || !namespace.isEmpty()) {
            return informer.getStore().list();
        } else {
            return informer.getIndexer().byIndex(Cache.NAMESPACE_INDEX, wanted);
        }
        return found.stream()
                .filter(object ->
                        wanted.isEmpty() || wanted.equals(object.getMetadata().getNamespace()))
                .toList();
    }

    static ObjectRef refOf(ObjectType type, GenericKubernetesResource object) {
        String place = object.getMetadata().getNamespace();
        return type.named(place == null ? "" : place, object.getMetadata().getName());
    }

    private static List<String> tenantLabel(GenericKubernetesResource object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        String tenant = labels == null ? null : labels.get(Ownership.TENANT_LABEL);
        return tenant == null ? List.of() : List.of(tenant);
    }
}
