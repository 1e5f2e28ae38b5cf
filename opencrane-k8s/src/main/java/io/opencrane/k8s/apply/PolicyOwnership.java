package io.opencrane.k8s.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.k8s.apply.Ownership.Claim;
import java.util.Map;
import java.util.Objects;

/**
 * Whose an object is, seen from an access policy (contract §3). Tenants of several namespaces may run in one, so policies of one name may
 * meet there; the annotations tell them apart. An object that lost all of them is ours if it was applied by us.
 *
 * @param policy the policy
 * @param uid the uid of its custom resource
 */
public record PolicyOwnership(AccessPolicyId policy, String uid) implements Owner {
    /** The label that names the policy. */
    public static final String LABEL = "opencrane.io/policy";

    /** The annotation that names the namespace of the owning custom resource. */
    public static final String NAMESPACE_ANNOTATION = "opencrane.io/policy-namespace";

    /** The annotation that holds the uid of the owning custom resource. */
    public static final String UID_ANNOTATION = "opencrane.io/policy-uid";

    /**
     * The labels of every object of a policy.
     *
     * @return part-of, managed-by and the policy's name
     */
    public Map<String, String> labels() {
        return InstallOwnership.labelled(LABEL, policy.name());
    }

    /**
     * The annotations of every object of a policy.
     *
     * @return namespace and uid
     */
    public Map<String, String> annotations() {
        return Map.of(NAMESPACE_ANNOTATION, policy.namespace(), UID_ANNOTATION, uid);
    }

    @Override
    public Claim of(GenericKubernetesResource object) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
        Map<String, String> labels =
                Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
        boolean ofThisName = policy.name().equals(labels.get(LABEL));
        String namespace = annotations.get(NAMESPACE_ANNOTATION);
        if (namespace != null) {
            boolean isItself = uid.equals(annotations.get(UID_ANNOTATION));
            return namespace.equals(policy.namespace()) && (ofThisName || isItself) ? Claim.OURS : Claim.FOREIGN;
        }
        if (!labels.containsKey(LABEL) && CustomerOwnership.wasApplied(object)) {
            return Claim.OURS;
        }
        return ofThisName && InstallOwnership.isManaged(labels) ? Claim.PLATFORM : Claim.FOREIGN;
    }

    @Override
    public String title() {
        return "AccessPolicy " + policy;
    }
}
