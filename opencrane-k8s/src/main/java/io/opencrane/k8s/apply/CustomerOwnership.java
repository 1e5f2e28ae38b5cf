package io.opencrane.k8s.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.apply.Ownership.Claim;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose an object is, seen from a customer (contract §3). ClusterTenants are cluster-scoped, so the name in the label says it all, also of
 * what the deployed platform made. A namespace that exists without the label is never taken; an object in it that lost the label is still
 * ours if we applied it.
 *
 * @param customer the name of the ClusterTenant
 */
public record CustomerOwnership(String customer) implements Owner {
    /** The label that names the customer. */
    public static final String LABEL = "opencrane.io/cluster-tenant";

    /**
     * The labels that every object of a customer carries.
     *
     * @return part-of, managed-by and the customer's name
     */
    public Map<String, String> labels() {
        return InstallOwnership.labelled(LABEL, customer);
    }

    @Override
    public Claim of(GenericKubernetesResource object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        @Nullable String labelled = labels == null ? null : labels.get(LABEL);
        boolean lostItsLabel = labelled == null && object.getMetadata().getNamespace() != null && wasApplied(object);
        return customer.equals(labelled) || lostItsLabel ? Claim.OURS : Claim.FOREIGN;
    }

    /** Whether the field manager of everything we apply has applied it. */
    static boolean wasApplied(GenericKubernetesResource object) {
        return object.getMetadata().getManagedFields().stream()
                .anyMatch(entry -> Applier.MANAGER.equals(entry.getManager()) && "Apply".equals(entry.getOperation()));
    }

    @Override
    public String title() {
        return "ClusterTenant " + customer;
    }
}
