package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What tenants left in a customer's namespace when nobody is attached to it any more: state, which may have to stay, and workload that
 * nobody cleaned up, for example because finalizers were released.
 *
 * @param hasState whether there is a volume, or an encryption key
 * @param residents the names of some tenants whose custom resources are in the namespace, wherever they run
 * @param workload objects made for tenants
 */
record CustomerRemains(boolean hasState, List<String> residents, List<Left> workload) {
    private static final int MOST_NAMES = 5;
    private static final ObjectType TENANT = ObjectType.of(ResourceKind.TENANT);

    private static final List<ObjectType> WORKLOAD = List.of(
            ObjectType.INGRESS,
            ObjectType.SERVICE,
            ObjectType.DEPLOYMENT,
            ObjectType.CONFIG_MAP,
            ObjectType.SERVICE_ACCOUNT);

    /** An object and which one it is. */
    record Left(ObjectRef ref, String uid) {}

    CustomerRemains {
        residents = List.copyOf(residents);
        workload = List.copyOf(workload);
    }

    static CustomerRemains in(ObjectStore fresh, String namespace) {
        ObjectReader reader = ObjectReader.of(fresh);
        boolean hasVolume = !reader.list(ObjectType.PERSISTENT_VOLUME_CLAIM, namespace, Filter.all())
                .isEmpty();
        boolean hasKey = reader.list(ObjectType.SECRET, namespace, Filter.all()).stream()
                .anyMatch(secret -> secret.getMetadata().getName().matches("openclaw-.+-encryption-key"));
        List<String> residents = fresh.list(TENANT, namespace, Filter.all(), MOST_NAMES, null).items().stream()
                .map(tenant -> tenant.getMetadata().getName())
                .toList();
        List<Left> workload = new ArrayList<>();
        Filter ofTenants = Filter.labelled(
                Map.of("app.kubernetes.io/part-of", "opencrane", "app.kubernetes.io/component", "tenant"));
        for (ObjectType type : WORKLOAD) {
            reader.list(type, namespace, ofTenants).stream()
                    .filter(CustomerRemains::isOfATenant)
                    .map(object -> new Left(
                            type.named(namespace, object.getMetadata().getName()),
                            object.getMetadata().getUid()))
                    .forEach(workload::add);
        }
        return new CustomerRemains(hasVolume || hasKey, residents, workload);
    }

    /** The deployed platform's have the label only, ours say of which tenant. */
    private static boolean isOfATenant(GenericKubernetesResource object) {
        return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.<String, String>of())
                .containsKey(Ownership.TENANT_LABEL);
    }
}
