package io.opencrane.api.tenant;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tenant in a list, in the shape that dashboards read (contract §6; {@code namespace} is ours).
 *
 * @param namespace the namespace
 * @param name the name
 * @param displayName the name people see
 * @param email the owner's address
 * @param team the team or null
 * @param phase where it stood when last observed
 * @param ingressHost its host or null
 * @param createdAt when it was created
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TenantSummary(
        String namespace,
        String name,
        String displayName,
        String email,
        @Nullable String team,
        TenantPhase phase,
        @Nullable String ingressHost,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant createdAt) {
    /**
     * Names this tenant.
     *
     * @return namespace and name
     */
    public TenantId id() {
        return new TenantId(namespace, name);
    }
}
