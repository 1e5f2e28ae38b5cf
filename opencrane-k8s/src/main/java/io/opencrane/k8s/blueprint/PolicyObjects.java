package io.opencrane.k8s.blueprint;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.core.policy.EgressPlan;
import io.opencrane.core.policy.EgressPlan.NameAllowance;
import io.opencrane.core.policy.NamePattern;
import io.opencrane.k8s.apply.PolicyOwnership;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a policy puts into force in one namespace, as desired (contract §4, DECISIONS 29, 30). Immutable and pure; equal input gives equal
 * objects, whatever the order of rules and tenants.
 *
 * @param policy the policy
 * @param plan what its spec means
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Network policies</a>
 * @see <a href="https://docs.cilium.io/en/stable/security/policy/language/#dns-based">Cilium, DNS based policies</a>
 */
public record PolicyObjects(PolicyOwnership policy, EgressPlan plan) {
    /** The pod label that an object selects by. */
    private static final String TENANT_LABEL = "opencrane.io/tenant";

    private static final String SPEC = "spec";
    private static final String POD_SELECTOR = "podSelector";
    private static final String ENDPOINT_SELECTOR = "endpointSelector";
    private static final int HTTPS = 443;
    private static final int DNS = 53;

    /**
     * The NetworkPolicies: DNS and the networks allowed.
     *
     * @param namespace where the tenants run
     * @param tenants the names of the tenants there
     * @return the objects by reference, one for every 500 tenants or fewer; none without tenants
     */
    public Map<ObjectRef, GenericKubernetesResource> networkPolicies(String namespace, Collection<String> tenants) {
        List<Object> egress = NetworkRules.egress(plan.networks());
        return objects(
                ObjectType.NETWORK_POLICY,
                namespace,
                tenants,
                selector -> Map.of(POD_SELECTOR, selector, "policyTypes", List.of("Egress"), "egress", egress));
    }

    /**
     * The CiliumNetworkPolicies: the names allowed. They need an L7 rule for DNS beside them, or Cilium never learns which address a name
     * has (contract §4).
     *
     * @param namespace where the tenants run
     * @param tenants the names of the tenants there
     * @return the objects by reference; none without tenants, or without a name to open
     */
    public Map<ObjectRef, GenericKubernetesResource> ciliumPolicies(String namespace, Collection<String> tenants) {
        if (plan.names().isEmpty()) {
            return Map.of();
        }
        Map<String, Object> seen = Map.of(
                "toPorts",
                List.of(Map.of(
                        "ports",
                        List.of(port(DNS, "ANY")),
                        "rules",
                        Map.of("dns", List.of(Map.of("matchPattern", "*"))))));
        Map<String, Object> opened = Map.of(
                "toFQDNs",
                plan.names().stream()
                        .map(NameAllowance::pattern)
                        .map(PolicyObjects::name)
                        .toList(),
                "toPorts",
                List.of(Map.of("ports", List.of(port(HTTPS, "TCP")))));
        return objects(
                ObjectType.CILIUM_NETWORK_POLICY,
                namespace,
                tenants,
                selector -> Map.of(ENDPOINT_SELECTOR, selector, "egress", List.of(seen, opened)));
    }

    /**
     * What is left of an object whose policy is gone, for those who keep it: the same rules, and nobody but them selected.
     *
     * @param live an object that the policy made
     * @param policy the policy that is gone
     * @param kept the names of the tenants who keep the policy
     * @return the object as desired, or empty if it selects none of them by name
     */
    public static Optional<GenericKubernetesResource> narrowed(
            GenericKubernetesResource live, AccessPolicyId policy, Collection<String> kept) {
        String selector = live.getKind().equals(ObjectType.NETWORK_POLICY.kind()) ? POD_SELECTOR : ENDPOINT_SELECTOR;
        Map<String, Object> spec = live.get(SPEC);
        List<String> names = kept.stream()
                .filter(selected(live, selector)::contains)
                .sorted()
                .toList();
        if (spec == null || names.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> narrower = new LinkedHashMap<>(spec);
        narrower.put(selector, selecting(names));
        Map<String, String> annotations =
                Objects.requireNonNullElse(live.getMetadata().getAnnotations(), Map.of());
        String uid = annotations.getOrDefault(PolicyOwnership.UID_ANNOTATION, "");
        return Optional.of(object(ObjectRef.of(live), new PolicyOwnership(policy, uid), narrower));
    }

    private static Set<Object> selected(GenericKubernetesResource live, String selector) {
        Set<Object> names = new HashSet<>();
        if (live.get(SPEC, selector, "matchExpressions") instanceof List<?> expressions) {
            for (Object expression : expressions) {
                if (expression instanceof Map<?, ?> map && map.get("values") instanceof List<?> values) {
                    names.addAll(values);
                }
            }
        }
        return names;
    }

    private static Map<String, Object> selecting(List<String> names) {
        return Map.of("matchExpressions", List.of(Map.of("key", TENANT_LABEL, "operator", "In", "values", names)));
    }

    /**
     * The object that has all tenants where one is enough.
     *
     * @param type NetworkPolicy or CiliumNetworkPolicy
     * @param namespace where the tenants run
     * @return its reference
     */
    public ObjectRef first(ObjectType type, String namespace) {
        return type.named(namespace, objectName(0));
    }

    private static Map<String, String> name(NamePattern pattern) {
        return Map.of(pattern.isWildcard() ? "matchPattern" : "matchName", pattern.text());
    }

    private static Map<String, String> port(int number, String protocol) {
        return Map.of("port", Integer.toString(number), "protocol", protocol);
    }

    private Map<ObjectRef, GenericKubernetesResource> objects(
            ObjectType type, String namespace, Collection<String> tenants, SpecOf specOf) {
        Map<ObjectRef, GenericKubernetesResource> objects = new LinkedHashMap<>();
        TenantShards.of(tenants).forEach((shard, names) -> {
            ObjectRef ref = type.named(namespace, objectName(shard));
            objects.put(ref, object(ref, policy, specOf.spec(selecting(names))));
        });
        return objects;
    }

    private static GenericKubernetesResource object(ObjectRef ref, PolicyOwnership owner, Map<String, Object> spec) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(ref.type().apiVersion());
        object.setKind(ref.type().kind());
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ref.namespace())
                .withName(ref.name())
                .withLabels(owner.labels())
                .withAnnotations(owner.annotations())
                .build());
        object.setAdditionalProperty(SPEC, spec);
        return object;
    }

    /**
     * Whether an object of the policy may have a name: an object that lost its marks must not be taken for another that has none of them.
     *
     * @param name an object's name
     * @return true for the first object's name, and the same with a number behind it
     */
    public boolean mayBeNamed(String name) {
        String first = objectName(0);
        return name.startsWith(first) && name.substring(first.length()).matches("(\\.[1-9]\\d*)?");
    }

    /** A dot, because a policy that is made by the service has none in its name. */
    private String objectName(int shard) {
        String name = "opencrane-policy-" + policy.policy().name();
        return shard == 0 ? name : name + "." + shard;
    }

    @FunctionalInterface
    private interface SpecOf {
        Map<String, Object> spec(Map<String, Object> selector);
    }
}
