package io.opencrane.k8s.blueprint;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.core.policy.EgressBaseline;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.apply.InstallOwnership;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is in force for every tenant whatever its policy says: everything is denied but DNS, the control plane, and the networks of
 * {@code OPENCRANE_EGRESS_BASELINE} without the metadata addresses in them; and inwards, but pods of the same namespace, the ingress
 * controller and the control plane, the latter two to the gateway's port. Policies add to it. Immutable and pure.
 *
 * <p>Namespaces are told by their label {@code kubernetes.io/metadata.name}, which Kubernetes sets from 1.21 on; before that, set it.
 * The control plane is every pod in {@code POD_NAMESPACE} that is no tenant. Like every network policy it acts only where the cluster's
 * network enforces them, and others in the same namespace can allow more.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Network policies</a>
 */
public final class NetworkFence {
    private static final String DEFAULT_INGRESS_NAMESPACE = "ingress-nginx";
    private static final String COMPONENT = "app.kubernetes.io/component";
    private static final String TENANT = "tenant";

    private final EgressBaseline baseline;
    private final int gatewayPort;
    private final String ingressNamespace;

    private NetworkFence(EgressBaseline baseline, int gatewayPort, String ingressNamespace) {
        this.baseline = baseline;
        this.gatewayPort = gatewayPort;
        this.ingressNamespace = ingressNamespace;
    }

    /**
     * The fence of an instance, with the ingress controller in namespace {@code ingress-nginx}.
     *
     * @param settings the instance's settings
     * @return the fence
     */
    public static NetworkFence of(Settings settings) {
        return new NetworkFence(
                EgressBaseline.of(settings), settings.tenants().gatewayPort(), DEFAULT_INGRESS_NAMESPACE);
    }

    /**
     * The same with the ingress controller elsewhere.
     *
     * @param namespace the namespace that its pods run in
     * @return the fence
     */
    public NetworkFence withIngressControllerIn(String namespace) {
        return new NetworkFence(baseline, gatewayPort, namespace);
    }

    /**
     * Around every pod of a customer's namespace.
     *
     * @param namespace the namespace
     * @return a NetworkPolicy named {@code opencrane-baseline}, without labels
     */
    public GenericKubernetesResource aroundNamespace(String namespace) {
        ObjectRef ref = ObjectType.NETWORK_POLICY.named(namespace, "opencrane-baseline");
        return policy(ref, new ObjectMetaBuilder(), Map.of());
    }

    /**
     * The name of the fence around tenants' pods.
     *
     * @param namespace the namespace
     * @return a NetworkPolicy named {@code opencrane-tenant-baseline}
     */
    public static ObjectRef tenantBaseline(String namespace) {
        return ObjectType.NETWORK_POLICY.named(namespace, "opencrane-tenant-baseline");
    }

    /**
     * Around the tenants' pods of any namespace, and no others.
     *
     * @param namespace the namespace
     * @param owner the instance
     * @return a NetworkPolicy
     */
    public GenericKubernetesResource aroundTenants(String namespace, InstallOwnership owner) {
        return policy(
                tenantBaseline(namespace),
                new ObjectMetaBuilder().withLabels(owner.labels()).withAnnotations(owner.annotations()),
                Map.of("matchLabels", Map.of(COMPONENT, TENANT, "app.kubernetes.io/part-of", "opencrane")));
    }

    private GenericKubernetesResource policy(ObjectRef ref, ObjectMetaBuilder meta, Map<String, Object> pods) {
        ObjectMeta metadata =
                meta.withNamespace(ref.namespace()).withName(ref.name()).build();
        GenericKubernetesResource policy = new GenericKubernetesResource();
        policy.setApiVersion(ref.type().apiVersion());
        policy.setKind(ref.type().kind());
        policy.setMetadata(metadata);
        policy.setAdditionalProperty(
                "spec",
                Map.of(
                        "podSelector",
                        pods,
                        "policyTypes",
                        List.of("Ingress", "Egress"),
                        "ingress",
                        ingress(),
                        "egress",
                        egress()));
        return policy;
    }

    private List<Object> ingress() {
        Map<String, Object> gateway = NetworkRules.port(gatewayPort, "TCP");
        return List.of(
                Map.of("from", List.of(Map.of("podSelector", Map.of()))),
                Map.of(
                        "from",
                        List.of(Map.of("namespaceSelector", namespace(ingressNamespace)), controlPlane()),
                        "ports",
                        List.of(gateway)));
    }

    private List<Object> egress() {
        List<Object> egress = new ArrayList<>();
        egress.add(NetworkRules.dns());
        egress.add(Map.of("to", List.of(controlPlane())));
        List<Object> networks = NetworkRules.peers(baseline.networks());
        if (!networks.isEmpty()) { // a rule without a destination would open all of them
            egress.add(Map.of("to", networks));
        }
        return egress;
    }

    private Map<String, Object> controlPlane() {
        return Map.of(
                "namespaceSelector",
                namespace(baseline.controlPlaneNamespace()),
                "podSelector",
                Map.of(
                        "matchExpressions",
                        List.of(Map.of("key", COMPONENT, "operator", "NotIn", "values", List.of(TENANT)))));
    }

    private static Map<String, Object> namespace(String name) {
        return Map.of("matchLabels", Map.of("kubernetes.io/metadata.name", name));
    }
}
