package io.opencrane.core.policy;

import io.opencrane.api.policy.TenantSelector;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a policy's selector selects (contract §4). Pure. */
final class Selectors {
    private static final Set<String> OF_THE_SPEC = Set.of(PolicyResolution.TENANT_LABEL, PolicyResolution.TEAM_LABEL);

    private Selectors() {}

    /** One label that a tenant must have to be selected; empty for a selector with neither labels nor team, which selects nobody. */
    static Optional<Map.Entry<String, String>> anchor(TenantSelector selector) {
        String team = team(selector);
        return team.isEmpty()
                ? selector.matchLabels().entrySet().stream().findFirst()
                : Optional.of(Map.entry(PolicyResolution.TEAM_LABEL, team));
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
        return anchor(selector).isPresent();
    }

    static boolean asksForTeamAndNameOnly(TenantSelector selector) {
        return OF_THE_SPEC.containsAll(selector.matchLabels().keySet());
    }

    private static String team(TenantSelector selector) {
        return selector.matchTeam() == null ? "" : selector.matchTeam();
    }
}
