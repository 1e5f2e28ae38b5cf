package io.opencrane.k8s.informer;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.apply.PolicyOwnership;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectType;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which tenants, and which policies, a change concerns. */
final class Affected {
    private static final ObjectType TENANT = ObjectType.of(ResourceKind.TENANT);
    private static final ObjectType POLICY = ObjectType.of(ResourceKind.ACCESS_POLICY);
    private static final ObjectType CUSTOMER = ObjectType.of(ResourceKind.CLUSTER_TENANT);

    private final InformerCache cache;
    private final Consumer<TenantId> tell;
    private final Consumer<AccessPolicyId> tellPolicy;
    private final AffectedByPolicy byPolicy;

    Affected(InformerCache cache, Consumer<TenantId> tell, Consumer<AccessPolicyId> tellPolicy) {
        this.cache = cache;
        this.tell = tell;
        this.tellPolicy = tellPolicy;
        this.byPolicy = new AffectedByPolicy(cache, tell, tellPolicy);
    }

    void by(ObjectType type, GenericKubernetesResource before, GenericKubernetesResource after) {
        boolean isMore = isMoreThanStatus(before.getMetadata(), after.getMetadata());
        if (type.equals(TENANT)) {
            byPolicy.tenantChanged(before, after);
            if (isMore) {
                tenant(after.getMetadata());
            }
        } else if (type.equals(POLICY)) {
            if (isMore) {
                byPolicy.policyChanged(before, after);
            }
        } else {
            if (type.equals(ObjectType.NETWORK_POLICY)) {
                policyOf(before.getMetadata()) // whose it was before somebody took the label off
                        .filter(policy -> !policyOf(after.getMetadata()).equals(Optional.of(policy)))
                        .ifPresent(tellPolicy);
            }
            by(type, after);
        }
    }

    /** Something came or went. */
    void by(ObjectType type, GenericKubernetesResource object, Existence existence) {
        if (type.equals(TENANT)) {
            byPolicy.tenantChanged(null, object);
            tenant(object.getMetadata());
        } else if (type.equals(POLICY)) {
            boolean came = existence == Existence.BEGINS;
            byPolicy.policyChanged(came ? null : object, came ? object : null);
        } else {
            by(type, object);
        }
    }

    /** Whether an object came or went. */
    enum Existence {
        BEGINS,
        ENDS
    }

    private void by(ObjectType type, GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        if (type.equals(CUSTOMER)) {
            tenants(
                    "",
                    Filter.all(),
                    tenant -> metadata.getName().equals(tenant.<Object>get("spec", "clusterTenantRef")));
        } else if (type.equals(ObjectType.LIMIT_RANGE)) {
            tenants(
                    "",
                    Filter.all(),
                    tenant -> metadata.getNamespace().equals(tenant.<Object>get("status", "placement", "namespace")));
        } else if (type.equals(ObjectType.NETWORK_POLICY)) {
            networkPolicy(metadata);
        } else {
            owner(type, metadata);
        }
    }

    private void tenant(ObjectMeta metadata) {
        tell.accept(new TenantId(metadata.getNamespace(), metadata.getName()));
        namesakes(metadata.getName(), metadata.getNamespace());
    }

    /** A policy's, or the fence, which belongs to all tenants there; one alone may be stuck before it comes to it. */
    private void networkPolicy(ObjectMeta metadata) {
        Optional<AccessPolicyId> policy = policyOf(metadata);
        if (policy.isPresent()) {
            tellPolicy.accept(policy.get());
        } else if (NetworkFence.tenantBaseline(metadata.getNamespace()).name().equals(metadata.getName())) {
            tenants("", Filter.all(), tenant -> AffectedByPolicy.runsIn(tenant, metadata.getNamespace()));
        }
    }

    private static Optional<AccessPolicyId> policyOf(ObjectMeta metadata) {
        String policy = value(metadata.getLabels(), PolicyOwnership.LABEL);
        String namespace = value(metadata.getAnnotations(), PolicyOwnership.NAMESPACE_ANNOTATION);
        return policy == null || namespace == null
                ? Optional.empty()
                : Optional.of(new AccessPolicyId(namespace, policy));
    }

    /** Whoever gives a host up frees it for another of the same name. */
    private void namesakes(String name, String except) {
        tenants(
                "",
                Filter.named(name),
                tenant -> !except.equals(tenant.getMetadata().getNamespace()));
    }

    private void tenants(String namespace, Filter filter, Predicate<GenericKubernetesResource> which) {
        cache.known(TENANT, namespace, filter)
                .filter(which)
                .map(GenericKubernetesResource::getMetadata)
                .forEach(tenant -> tell.accept(new TenantId(tenant.getNamespace(), tenant.getName())));
    }

    private void owner(ObjectType type, ObjectMeta metadata) {
        String name = value(metadata.getLabels(), Ownership.TENANT_LABEL);
        if (name != null) {
            String declared = value(metadata.getAnnotations(), Ownership.NAMESPACE_ANNOTATION);
            String namespace = declared == null ? metadata.getNamespace() : declared;
            tell.accept(new TenantId(namespace, name));
            if (type.equals(ObjectType.INGRESS)) {
                namesakes(name, namespace);
            }
        }
    }

    private static @Nullable String value(@Nullable Map<String, String> map, String key) {
        return map == null ? null : map.get(key);
    }

    private static boolean isMoreThanStatus(ObjectMeta before, ObjectMeta after) {
        return !Objects.equals(before.getGeneration(), after.getGeneration())
                || !Objects.equals(before.getLabels(), after.getLabels())
                || !Objects.equals(before.getAnnotations(), after.getAnnotations())
                || !Objects.equals(before.getFinalizers(), after.getFinalizers())
                || !Objects.equals(before.getDeletionTimestamp(), after.getDeletionTimestamp())
                || !Objects.equals(before.getUid(), after.getUid());
    }
}
