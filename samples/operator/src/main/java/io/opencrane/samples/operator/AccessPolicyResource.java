package io.opencrane.samples.operator;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import io.opencrane.api.resource.ResourceKind;

/** An AccessPolicy as java-operator-sdk needs it, see {@link TenantResource}. */
@Group(ResourceKind.GROUP)
@Version(ResourceKind.VERSION)
@Kind("AccessPolicy")
@Plural("accesspolicies")
public final class AccessPolicyResource extends CustomResource<Void, Void> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
