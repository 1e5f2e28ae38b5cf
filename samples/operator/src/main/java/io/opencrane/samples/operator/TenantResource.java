package io.opencrane.samples.operator;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import io.opencrane.api.resource.ResourceKind;

/** A Tenant as java-operator-sdk needs it, to queue by name and see changes; what it says is the library's to read. */
@Group(ResourceKind.GROUP)
@Version(ResourceKind.VERSION)
@Kind("Tenant")
@Plural("tenants")
public final class TenantResource extends CustomResource<Void, Void> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
