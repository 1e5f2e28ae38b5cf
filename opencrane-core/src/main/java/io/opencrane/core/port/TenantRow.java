package io.opencrane.core.port;

import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's row in the projection (contract §6, DECISIONS 37).
 *
 * @param id namespace and name
 * @param uid the custom resource's uid
 * @param resourceVersion the version it was read at; with creation time and uid the guard against older reads (DECISIONS 39)
 * @param createdAt when the custom resource was created
 * @param displayName the name people see
 * @param email the owner's address
 * @param team the team or null
 * @param openclawVersion the pinned version or null
 * @param monthlyBudgetUsd US dollars a month, or null for unlimited
 * @param configOverrides configuration overrides
 * @param policyRef the explicit policy or null
 * @param clusterTenantRef the customer or null
 * @param suspended whether it is put to sleep
 * @param phase where it stood when last observed
 * @param ingressHost its host or null
 * @param updatedAt when the row was last written; null before it is
 */
public record TenantRow(
        TenantId id,
        String uid,
        String resourceVersion,
        Instant createdAt,
        String displayName,
        String email,
        @Nullable String team,
        @Nullable String openclawVersion,
        @Nullable BigDecimal monthlyBudgetUsd,
        FreeForm configOverrides,
        @Nullable String policyRef,
        @Nullable String clusterTenantRef,
        boolean suspended,
        TenantPhase phase,
        @Nullable String ingressHost,
        @Nullable Instant updatedAt)
        implements Row {
    @Override
    public ResourceKey key() {
        return id.key();
    }
}
