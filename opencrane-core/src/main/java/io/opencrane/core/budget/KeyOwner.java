package io.opencrane.core.budget;

import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.tenant.TenantNames;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
    private static final String INSTANCE = "opencrane_instance";
    private static final String NAMESPACE = "opencrane_namespace";
    private static final String TENANT = "opencrane_tenant";

    /** Copies the metadata. */
    public KeyOwner {
        metadata = Map.copyOf(metadata);
    }

    /**
     * A tenant as the gateway knows it.
     *
     * @param tenant the tenant
     * @param settings its default budget counts for a tenant that names none
     * @param instanceId tells instances on one gateway apart (DECISIONS 12)
     * @return the owner
     */
    public static KeyOwner of(Tenant tenant, Settings settings, String instanceId) {
        BigDecimal budget = tenant.spec().monthlyBudgetUsd();
        Map<String, String> metadata = new LinkedHashMap<>(metadataOf(instanceId));
        metadata.put(NAMESPACE, tenant.metadata().namespace());
        metadata.put(TENANT, tenant.metadata().name());
        return new KeyOwner(
                TenantNames.teamId(instanceId, tenant.id()),
                tenant.id().toString(),
                budget == null ? settings.modelGateway().defaultMonthlyBudgetUsd() : budget,
                metadata);
    }

    /** What every team and key of an instance says. */
    static Map<String, String> metadataOf(String instanceId) {
        return Map.of(INSTANCE, instanceId);
    }

    /** Whose team or key it says to be; empty if it does not say. */
    static Optional<TenantId> tenantOf(Map<String, String> metadata) {
        String namespace = metadata.get(NAMESPACE);
        String name = metadata.get(TENANT);
        return namespace == null || name == null ? Optional.empty() : Optional.of(new TenantId(namespace, name));
    }

    ModelGateway.Team team() {
        return new ModelGateway.Team(teamId, displayName, monthlyBudgetUsd, metadata);
    }

    /** Team ids are joined from names with dashes in them, so the id alone does not prove whose key it is (DECISIONS 31). */
    boolean made(Map<String, String> itsMetadata) {
        return itsMetadata.entrySet().containsAll(metadata.entrySet());
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
