package io.opencrane.k8s.informer;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.policy.PolicyResolution;
import io.opencrane.core.policy.PolicyTouch;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.resource.ResourceModels;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What policies and tenants have to do with each other, both ways. */
final class AffectedByPolicy {
    private static final ObjectType TENANT = ObjectType.of(ResourceKind.TENANT);
    private static final ObjectType POLICY = ObjectType.of(ResourceKind.ACCESS_POLICY);

    private final InformerCache cache;
    private final Consumer<TenantId> tell;
    private final Consumer<AccessPolicyId> tellPolicy;

    AffectedByPolicy(InformerCache cache, Consumer<TenantId> tell, Consumer<AccessPolicyId> tellPolicy) {
        this.cache = cache;
        this.tell = tell;
        this.tellPolicy = tellPolicy;
    }
}
