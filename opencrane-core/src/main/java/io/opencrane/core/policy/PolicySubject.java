package io.opencrane.core.policy;

import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.TenantRow;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a tenant decides the policy that it is under.
 *
 * @param id the tenant
 * @param team its team; empty for none
 * @param labels the labels on its custom resource
 * @param policyRef the policy that it names; empty for none
 * @param lastInForce the policy that it ran under last, or null
 */
public record PolicySubject(
        TenantId id,
        String team,
        Map<String, String> labels,
        String policyRef,
        @Nullable String lastInForce) {
    /** Copies the labels. */
    public PolicySubject {
        labels = Map.copyOf(labels);
    }

    /**
     * Of a tenant as read.
     *
     * @param tenant the tenant with its status
     * @return all there is to know
     */
    public static PolicySubject of(Tenant tenant) {
        return new PolicySubject(
                tenant.id(),
                orEmpty(tenant.spec().team()),
                tenant.metadata().labels(),
                orEmpty(tenant.spec().policyRef()),
                tenant.status().effectivePolicyRef());
    }

    /**
     * Of a row, which keeps neither labels nor what the tenant ran under last.
     *
     * @param row the tenant's row
     * @return enough where no selector asks for other labels than team and tenant, and a policy resolves
     */
    public static PolicySubject of(TenantRow row) {
        return new PolicySubject(row.id(), orEmpty(row.team()), Map.of(), orEmpty(row.policyRef()), null);
    }

    /**
     * The label that a selector asks for. The spec decides name and team: labels that somebody put onto the custom resource cannot pose
     * as another tenant's.
     *
     * @param key the label's key
     * @return its value, or null if the tenant does not have it
     */
    @Nullable
    String label(String key) {
        return switch (key) {
            case PolicyResolution.TENANT_LABEL -> id.name();
            case PolicyResolution.TEAM_LABEL -> team.isEmpty() ? null : team;
            default -> labels.get(key);
        };
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
