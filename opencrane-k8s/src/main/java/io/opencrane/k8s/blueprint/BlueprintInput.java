package io.opencrane.k8s.blueprint;

import io.opencrane.api.tenant.ComputeResources;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.port.RuntimeEntitlements.Entitled;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.tenant.TenantNames;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides what a tenant looks like.
 *
 * @param tenant the tenant
 * @param settings the instance's settings
 * @param namespace where its children go
 * @param baseDomain the domain its host is under
 * @param nodePool the dedicated node pool of its customer, or null for shared nodes
 * @param policy the policy in force
 * @param keyRevision the revision of its model key; 0 when there is none
 * @param limitDefaults the default limits of our LimitRange in the namespace; {@link ComputeResources#NONE} where there is none
 * @param entitled what the host lets the assistant use
 */
public record BlueprintInput(
        Tenant tenant,
        Settings settings,
        String namespace,
        String baseDomain,
        @Nullable String nodePool,
        EffectivePolicy policy,
        long keyRevision,
        ComputeResources limitDefaults,
        Entitled entitled) {
    /**
     * The same under another model key.
     *
     * @param revision the key's revision
     * @return the input
     */
    public BlueprintInput withKeyRevision(long revision) {
        return new BlueprintInput(
                tenant, settings, namespace, baseDomain, nodePool, policy, revision, limitDefaults, entitled);
    }

    /**
     * The tenant's host name.
     *
     * @return {@code <tenant>.<baseDomain>}
     */
    public String host() {
        return TenantNames.of(tenant.id()).host(baseDomain);
    }

    /**
     * The version that its pod runs.
     *
     * @return the tenant's, or the tag of the image that it runs; {@code latest} if there is none; null if a digest alone names the image
     */
    public @Nullable String version() {
        return Image.versionOf(this);
    }

    TenantChildren children() {
        return new TenantChildren(tenant.metadata().name(), namespace);
    }
}
