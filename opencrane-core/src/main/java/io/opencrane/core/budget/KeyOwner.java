package io.opencrane.core.budget;

import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.tenant.TenantNames;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose key it is, as the gateway is told.
 *
 * @param teamId the tenant's team at the gateway (DECISIONS 31)
 * @param displayName a name for people
 * @param monthlyBudgetUsd the ceiling wanted, or null for unlimited
 * @param metadata instance, namespace and tenant, to recognise our own
 */
public record KeyOwner(
        String teamId, String displayName, @Nullable BigDecimal monthlyBudgetUsd, Map<String, String> metadata) {
    /** Copies the metadata. */
    public KeyOwner {
        metadata = Map.copyOf(metadata);
    }

    ModelGateway.Team team() {
        return new ModelGateway.Team(teamId, displayName, monthlyBudgetUsd, metadata);
    }

    /** Team ids are joined from names with dashes in them, so the id alone does not prove whose key it is (DECISIONS 31). */
    boolean made(ModelGateway.KeyState key) {
        return key.metadata().entrySet().containsAll(metadata.entrySet());
    }

    String alias(long revision) {
        return TenantNames.keyAlias(teamId, revision);
    }

    /** The revision in one of our aliases; 0 for an alias that is not ours. */
    long revisionOf(@Nullable String alias) {
        String tail = alias != null && alias.startsWith(teamId + "/") ? alias.substring(teamId.length() + 1) : "";
        return tail.matches("\\d{1,18}") ? Long.parseLong(tail) : 0;
    }
}
