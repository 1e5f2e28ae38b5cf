package io.opencrane.k8s.blueprint;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.core.policy.EgressPlan;
import io.opencrane.core.policy.EgressPlan.NameAllowance;
import io.opencrane.core.policy.NamePattern;
import io.opencrane.k8s.apply.PolicyOwnership;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
                selector -> Map.of("podSelector", selector, "policyTypes", List.of("Egress"), "egress", egress));
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
                selector -> Map.of("endpointSelector", selector, "egress", List.of(seen, opened)));
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
            Map<String, Object> selector =
                    Map.of("matchExpressions", List.of(Map.of("key", TENANT_LABEL, "operator", "In", "values", names)));
            ObjectRef ref = type.named(namespace, objectName(shard));
            GenericKubernetesResource object = new GenericKubernetesResource();
            object.setApiVersion(type.apiVersion());
            object.setKind(type.kind());
            object.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(namespace)
                    .withName(ref.name())
                    .withLabels(policy.labels())
                    .withAnnotations(policy.annotations())
                    .build());
            object.setAdditionalProperty("spec", specOf.spec(selector));
            objects.put(ref, object);
        });
        return objects;
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
