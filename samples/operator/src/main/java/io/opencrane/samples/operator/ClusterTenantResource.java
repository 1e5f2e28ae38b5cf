package io.opencrane.samples.operator;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import io.opencrane.api.resource.ResourceKind;

/** A ClusterTenant as java-operator-sdk needs it; it belongs to no namespace. */
@Group(ResourceKind.GROUP)
@Version(ResourceKind.VERSION)
@Kind("ClusterTenant")
@Plural("clustertenants")
public final class ClusterTenantResource extends CustomResource<Void, Void> {
    private static final long serialVersionUID = 1L;
}
