package io.opencrane.api.clustertenant;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The named parts of a customer's spec, shared by the builders that set them. A part is set by naming it and stays as it is otherwise;
 * how far a customer is kept apart and the nodes that go with it are one part. Not thread-safe; build once, share the value.
 *
 * @param <B> the builder itself
 */
public abstract class ClusterTenantFields<B extends ClusterTenantFields<B>> {
    @Nullable
    String displayName;

    @Nullable
    String baseDomain;

    @Nullable
    IsolationTier isolationTier;

    @Nullable
    Compute compute;

    @Nullable
    Quota quota;

    ClusterTenantFields() {}

    abstract B self();

    /**
     * The name people see.
     *
     * @param value at least one character
     * @return this builder
     */
    public B displayName(String value) {
        displayName = value;
        return self();
    }

    /**
     * The domain under which its tenants get their hosts.
     *
     * @param value a lower-case DNS name with at least one dot
     * @return this builder
     */
    public B baseDomain(String value) {
        baseDomain = value;
        return self();
    }

    /**
     * A namespace of its own on everybody's nodes.
     *
     * @return this builder
     */
    public B shared() {
        return keptApart(IsolationTier.SHARED, Compute.SHARED);
    }

    /**
     * A namespace of its own on nodes of its own.
     *
     * @param nodePool the value of the node label {@code opencrane.io/node-pool}
     * @return this builder
     */
    public B dedicatedNodes(String nodePool) {
        return keptApart(IsolationTier.DEDICATED_NODES, Compute.dedicated(nodePool));
    }

    /**
     * A cluster of its own, from a registered provisioner.
     *
     * @return this builder
     */
    public B dedicatedCluster() {
        return keptApart(IsolationTier.DEDICATED_CLUSTER, Compute.SHARED);
    }

    /**
     * What all its tenants together may ask for.
     *
     * @param value replaces the old quota whole; a dimension that is not given is not limited
     * @return this builder
     */
    public B quota(Quota value) {
        quota = value;
        return self();
    }

    private B keptApart(IsolationTier tier, Compute nodes) {
        isolationTier = tier;
        compute = nodes;
        return self();
    }

    /** What was set, by the names of the spec. */
    final List<String> names() {
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        parts.put("displayName", displayName);
        parts.put("baseDomain", baseDomain);
        parts.put("isolationTier", isolationTier);
        parts.put("quota", quota);
        return parts.entrySet().stream()
                .filter(part -> part.getValue() != null)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The spec with what was set. */
    final ClusterTenantSpec over(ClusterTenantSpec spec) {
        ClusterTenantSpec.Builder changed = spec.toBuilder();
        if (displayName != null) {
            changed.displayName(displayName);
        }
        if (baseDomain != null) {
            changed.baseDomain(baseDomain);
        }
        if (isolationTier != null) {
            changed.isolationTier(isolationTier);
        }
        if (compute != null) {
            changed.compute(compute);
        }
        if (quota != null) {
            changed.resources(new ClusterTenantResources(quota));
        }
        return changed.build();
    }
}
