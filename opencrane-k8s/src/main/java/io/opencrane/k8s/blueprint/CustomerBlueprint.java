package io.opencrane.k8s.blueprint;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LimitRangeBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.k8s.apply.CustomerOwnership;
import io.opencrane.k8s.object.ObjectRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A customer's namespace and what is in force there, as desired (contract §3). Immutable and pure; equal input gives equal objects.
 *
 * @param children the names
 */
public record CustomerBlueprint(CustomerChildren children) {
    /** Since when a namespace is kept for the state in it, its customer being gone (DECISIONS 26). */
    public static final String RETAINED_SINCE = "opencrane.io/retained-since";

    /** The key of the ConfigMap that holds the customer as JSON. */
    public static final String PARENT_FILE = "cluster-tenant.json";

    // fabric8's models carry their own annotations; its own serialization would search the class path.
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POD_SECURITY = "pod-security.kubernetes.io/";
    private static final Map<String, Quantity> REQUESTS =
            Map.of("cpu", new Quantity("100m"), "memory", new Quantity("128Mi"));
    private static final Map<String, Quantity> LIMITS = Map.of("cpu", new Quantity("1"), "memory", new Quantity("1Gi"));

    /**
     * The namespace with its Pod Security labels.
     *
     * @param retainedSince since when it is only kept for its state, or null while the customer lives
     * @return a Namespace
     * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-admission/">Pod Security Admission</a>
     */
    public GenericKubernetesResource namespace(@Nullable String retainedSince) {
        Map<String, String> security = new LinkedHashMap<>();
        for (String mode : List.of("enforce", "warn", "audit")) {
            security.put(POD_SECURITY + mode, "restricted");
            security.put(POD_SECURITY + mode + "-version", "latest");
        }
        ObjectMeta meta = meta(children.boundNamespace(), security);
        if (retainedSince != null) {
            meta.setAnnotations(Map.of(RETAINED_SINCE, retainedSince));
        }
        return generic(new NamespaceBuilder().withMetadata(meta).build());
    }

    /**
     * What the tenants may request together.
     *
     * @param quota the customer's quota
     * @return a ResourceQuota over the dimensions given; empty if there are none
     * @see <a href="https://kubernetes.io/docs/concepts/policy/resource-quotas/">Resource quotas</a>
     */
    public Optional<GenericKubernetesResource> quota(Quota quota) {
        Map<String, Quantity> hard = new LinkedHashMap<>();
        put(hard, "requests.cpu", quota.cpu());
        put(hard, "requests.memory", quota.memory());
        put(hard, "pods", quota.pods());
        put(hard, "requests.storage", quota.storage());
        put(hard, "requests.nvidia.com/gpu", quota.gpu());
        if (hard.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(generic(new ResourceQuotaBuilder()
                .withMetadata(meta(children.quota(), Map.of()))
                .withNewSpec()
                .withHard(hard)
                .endSpec()
                .build()));
    }

    private static void put(Map<String, Quantity> hard, String key, @Nullable Object amount) {
        if (amount != null) {
            hard.put(key, Quantity.parse(amount.toString()));
        }
    }

    /**
     * What a container gets that asks for nothing; without it a quota would refuse its pod.
     *
     * @return a LimitRange
     * @see <a href="https://kubernetes.io/docs/concepts/policy/limit-range/">Limit ranges</a>
     */
    public GenericKubernetesResource limits() {
        return generic(new LimitRangeBuilder()
                .withMetadata(meta(children.limits(), Map.of()))
                .withNewSpec()
                .addNewLimit()
                .withType("Container")
                .withDefault(LIMITS)
                .withDefaultRequest(REQUESTS)
                .endLimit()
                .endSpec()
                .build());
    }

    /**
     * The customer for instances that may not read ClusterTenants.
     *
     * @param json the customer: name, spec and bound namespace
     * @return a ConfigMap
     */
    public GenericKubernetesResource parent(String json) {
        return generic(new ConfigMapBuilder()
                .withMetadata(meta(children.parent(), Map.of()))
                .addToData(PARENT_FILE, json)
                .build());
    }

    /**
     * Who may work in the namespace.
     *
     * @param grant the role and its subjects
     * @return a RoleBinding
     */
    public GenericKubernetesResource access(RoleGrant grant) {
        RoleBindingBuilder binding = new RoleBindingBuilder()
                .withMetadata(meta(children.access(), Map.of()))
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", grant.clusterRole());
        for (RoleGrant.Subject subject : grant.subjects()) {
            SubjectBuilder entry =
                    new SubjectBuilder().withKind(subject.kind().wireName()).withName(subject.name());
            binding.addToSubjects(
                    subject.kind() == RoleGrant.Kind.SERVICE_ACCOUNT
                            ? entry.withNamespace(subject.namespace()).build()
                            : entry.withApiGroup("rbac.authorization.k8s.io").build());
        }
        return generic(binding.build());
    }

    private ObjectMeta meta(ObjectRef ref, Map<String, String> more) {
        Map<String, String> labels = new LinkedHashMap<>(new CustomerOwnership(children.customer()).labels());
        labels.putAll(more);
        return new ObjectMetaBuilder()
                .withNamespace(ref.namespace().isEmpty() ? null : ref.namespace())
                .withName(ref.name())
                .withLabels(labels)
                .build();
    }

    private static GenericKubernetesResource generic(HasMetadata object) {
        return JSON.convertValue(object, GenericKubernetesResource.class);
    }
}
