package io.opencrane.k8s.informer;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.policy.PolicyResolution;
import io.opencrane.core.policy.PolicySubject;
import io.opencrane.core.policy.PolicyTouch;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.resource.ResourceCodec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What policies and tenants have to do with each other, both ways. Tenants are looked at as they come from the server and not as models:
 * there may be tens of thousands for one policy.
 */
final class AffectedByPolicy {
    private static final ObjectType TENANT = ObjectType.of(ResourceKind.TENANT);
    private static final ObjectType POLICY = ObjectType.of(ResourceKind.ACCESS_POLICY);

    private final ResourceCodec codec = new ResourceCodec();
    private final InformerCache cache;
    private final Consumer<TenantId> tell;
    private final Consumer<AccessPolicyId> tellPolicy;

    AffectedByPolicy(InformerCache cache, Consumer<TenantId> tell, Consumer<AccessPolicyId> tellPolicy) {
        this.cache = cache;
        this.tell = tell;
        this.tellPolicy = tellPolicy;
    }

    /**
     * Tells the policy, and exactly the tenants that its change touches, and the policies that these ran under: they may have left them,
     * and one that cannot be reconciled now does not write so into its status.
     */
    void policyChanged(@Nullable GenericKubernetesResource before, @Nullable GenericKubernetesResource after) {
        ObjectMeta metadata =
                Objects.requireNonNull(after == null ? before : after).getMetadata();
        Predicate<GenericKubernetesResource> touched = touchedBy(before, after);
        Set<String> policies = new TreeSet<>(Set.of(metadata.getName()));
        cache.known(TENANT, metadata.getNamespace(), Filter.all())
                .filter(touched)
                .forEach(tenant -> {
                    PolicySubject subject = subject(tenant);
                    tell.accept(subject.id());
                    policies.add(Objects.requireNonNullElse(subject.lastInForce(), metadata.getName()));
                });
        policies.forEach(policy -> tellPolicy.accept(new AccessPolicyId(metadata.getNamespace(), policy)));
    }

    /** A policy that no model can hold may touch anybody. */
    private Predicate<GenericKubernetesResource> touchedBy(
            @Nullable GenericKubernetesResource before, @Nullable GenericKubernetesResource after) {
        try {
            PolicyTouch touch = new PolicyTouch(model(before), model(after));
            return tenant -> touch.touches(subject(tenant), awaitsDefault(tenant));
        } catch (OpenCraneException e) {
            return tenant -> true;
        }
    }

    private @Nullable AccessPolicy model(@Nullable GenericKubernetesResource object) {
        return object == null ? null : codec.model(AccessPolicy.class, object);
    }

    /**
     * Tells the policies that a tenant joins, leaves, or is under in another place. Which one resolves need not be known here: the
     * tenant's reconcile writes it into its status, and that is a change as well.
     */
    void tenantChanged(@Nullable GenericKubernetesResource before, GenericKubernetesResource after) {
        if (before != null && standing(before).equals(standing(after))) {
            return;
        }
        String namespace = after.getMetadata().getNamespace();
        Set<String> policies = new TreeSet<>(policiesOf(after));
        if (before != null) {
            policies.addAll(policiesOf(before));
        }
        policies.forEach(policy -> tellPolicy.accept(new AccessPolicyId(namespace, policy)));
    }

    /** Everything of a tenant that policies look at. */
    private static List<Object> standing(GenericKubernetesResource tenant) {
        return List.of(
                subject(tenant),
                text(tenant, "status", "placement", "namespace"),
                text(tenant, "status", "placement", "cluster"),
                lacksNames(tenant));
    }

    private static boolean lacksNames(GenericKubernetesResource tenant) {
        return tenant.get("status", "conditions") instanceof List<?> conditions
                && conditions.stream()
                        .anyMatch(condition -> condition instanceof Map<?, ?> map
                                && "Ready".equals(map.get("type"))
                                && ErrorCode.NAME_TAKEN.name().equals(map.get("reason")));
    }

    private Set<String> policiesOf(GenericKubernetesResource tenant) {
        PolicySubject subject = subject(tenant);
        Set<String> policies = new TreeSet<>();
        policies.add(subject.policyRef());
        policies.add(Objects.requireNonNullElse(subject.lastInForce(), ""));
        cache.known(POLICY, subject.id().namespace(), Filter.all())
                .filter(policy -> PolicyResolution.selects(selector(policy), subject))
                .forEach(policy -> policies.add(policy.getMetadata().getName()));
        policies.remove("");
        return policies;
    }

    /** Without its rules, which may be thousands. */
    private static TenantSelector selector(GenericKubernetesResource policy) {
        Map<String, String> labels = policy.get("spec", "tenantSelector", "matchLabels");
        return new TenantSelector(
                Objects.requireNonNullElse(labels, Map.of()), text(policy, "spec", "tenantSelector", "matchTeam"));
    }

    static boolean runsIn(GenericKubernetesResource tenant, String namespace) {
        return runsIn(tenant).equals(namespace);
    }

    private static String runsIn(GenericKubernetesResource tenant) {
        String placed = text(tenant, "status", "placement", "namespace");
        return placed.isEmpty() ? tenant.getMetadata().getNamespace() : placed;
    }

    private static boolean awaitsDefault(GenericKubernetesResource tenant) {
        return text(tenant, "status", "policyResolutionState").equals("DefaultPolicyNotFound");
    }

    private static PolicySubject subject(GenericKubernetesResource tenant) {
        ObjectMeta metadata = tenant.getMetadata();
        String effective = text(tenant, "status", "effectivePolicyRef");
        return new PolicySubject(
                new TenantId(metadata.getNamespace(), metadata.getName()),
                text(tenant, "spec", "team"),
                Objects.requireNonNullElse(metadata.getLabels(), Map.of()),
                text(tenant, "spec", "policyRef"),
                effective.isEmpty() ? null : effective);
    }

    private static String text(GenericKubernetesResource object, Object... path) {
        return object.get(path) instanceof String text ? text : "";
    }
}
