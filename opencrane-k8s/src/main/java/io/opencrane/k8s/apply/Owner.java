package io.opencrane.k8s.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.apply.Ownership.Claim;

/** Whose child an object must be (DECISIONS 9, 15): a tenant's, a customer's, a policy's or the install's. Pure. */
public sealed interface Owner permits Ownership, CustomerOwnership, PolicyOwnership, InstallOwnership {
    /**
     * Whose an object is.
     *
     * @param object a live object under one of the owner's names
     * @return the claim, seen from this owner
     */
    Claim of(GenericKubernetesResource object);

    /**
     * The owner as a sentence names it.
     *
     * @return for example {@code Tenant opencrane/acme}
     */
    String title();
}
