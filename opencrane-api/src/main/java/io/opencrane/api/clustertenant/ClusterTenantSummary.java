package io.opencrane.api.clustertenant;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A customer in a list.
 *
 * @param name the name
 * @param displayName the name people see
 * @param isolationTier how far it is kept apart
 * @param phase where it stood when last observed; pending before anybody looked
 * @param boundNamespace the namespace its tenants' children go to, or null
 * @param baseDomain the domain of its tenants, or null for the install's
 * @param createdAt when it was created
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterTenantSummary(
        String name,
        String displayName,
        IsolationTier isolationTier,
        ClusterTenantPhase phase,
        @Nullable String boundNamespace,
        @Nullable String baseDomain,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant createdAt) {}
