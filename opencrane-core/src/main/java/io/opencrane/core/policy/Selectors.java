package io.opencrane.core.policy;

import io.opencrane.api.policy.TenantSelector;
import java.util.Map;
import java.util.Set;

/** What a policy's selector selects (contract §4). Pure. */
final class Selectors {
    private static final Set<String> OF_THE_SPEC = Set.of(PolicyResolution.TENANT_LABEL, PolicyResolution.TEAM_LABEL);

    private Selectors() {}

    /** Whether it can select anybody: one with neither labels nor team selects nothing. */
    static boolean selectsAny(TenantSelector selector) {
        return !team(selector).isEmpty() || !selector.matchLabels().isEmpty();
    }

    /** Whether it selects a tenant: labels and team must both hold. */
    static boolean selects(TenantSelector selector, PolicySubject tenant) {
        String team = team(selector);
        if (!team.isEmpty() && !team.equals(tenant.team())) {
            return false;
        }
        for (Map.Entry<String, String> wanted : selector.matchLabels().entrySet()) {
            if (!wanted.getValue().equals(tenant.label(wanted.getKey()))) {
                return false;
            }
        }
        return selectsAny(selector);
    }

    static boolean asksForTeamAndNameOnly(TenantSelector selector) {
        return OF_THE_SPEC.containsAll(selector.matchLabels().keySet());
    }

    private static String team(TenantSelector selector) {
        return selector.matchTeam() == null ? "" : selector.matchTeam();
    }
}
