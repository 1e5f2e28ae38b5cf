package io.opencrane.core.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.projection.FieldDifference;
import io.opencrane.api.projection.Mismatch;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.core.policy.AccessPolicyRows;
import io.opencrane.core.support.PolicyFleet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyDriftTest {
    private static final EgressRule DATABASE = new EgressRule("10.0.0.0/8", List.of(5432), EgressRule.Protocol.TCP);
    private static final EgressRule DNS = new EgressRule("10.0.0.10/32", List.of(53), EgressRule.Protocol.UDP);

    private static AccessPolicy policy(AccessPolicySpec spec) {
        return new AccessPolicy(ResourceMetadata.of("ns", "strict"), spec, AccessPolicyStatus.empty());
    }

    private static AccessPolicySpec.Builder spec() {
        return AccessPolicySpec.builder();
    }

    private static List<FieldDifference> differences(AccessPolicySpec source, AccessPolicySpec projected) {
        List<Mismatch> found = new ArrayList<>();
        Drift.compare(
                new PolicyDrift(),
                List.of(policy(source)).iterator(),
                List.of(AccessPolicyRows.row(policy(projected))).iterator(),
                (mismatch, policy) -> found.add(mismatch));
        return found.isEmpty() ? List.of() : found.get(0).differences();
    }

    private static List<String> fields(AccessPolicySpec source, AccessPolicySpec projected) {
        return differences(source, projected).stream()
                .map(FieldDifference::field)
                .toList();
    }

    @Test
    void everyComparedFieldIsComparedInTheOrderOfTheContract() {
        AccessPolicySpec all = spec().description("d")
                .tenantSelector(new TenantSelector(Map.of("tier", "gold"), null))
                .domains(new Domains(List.of("a.example"), List.of(), true))
                .egressRules(List.of(DATABASE))
                .mcpServers(new McpServers(List.of(), List.of("shell")))
                .build();

        assertThat(new PolicyDrift().fields())
                .containsExactly("description", "tenantSelector", "domains", "egressRules", "mcpServers");
        assertThat(fields(all, spec().build())).isEqualTo(new PolicyDrift().fields());
        assertThat(fields(spec().build(), all)).isEqualTo(new PolicyDrift().fields());
    }

    @Test
    void bothValuesAreShownAndWhatSaysNothingIsAbsent() {
        assertThat(differences(
                        spec().description("")
                                .egressRules(List.of(DATABASE))
                                .domains(Domains.DEFAULT)
                                .build(),
                        spec().description("d")
                                .tenantSelector(new TenantSelector(Map.of(), "red"))
                                .build()))
                .containsExactly(
                        new FieldDifference("description", null, "d"),
                        new FieldDifference("tenantSelector", null, new TenantSelector(Map.of(), "red")),
                        new FieldDifference("egressRules", List.of(DATABASE), null));
    }

    @Test
    void theOrderOfRulesPortsAndNamesIsADifference() {
        assertThat(fields(
                        spec().egressRules(List.of(DATABASE, DNS)).build(),
                        spec().egressRules(List.of(DNS, DATABASE)).build()))
                .containsExactly("egressRules");
        assertThat(fields(
                        spec().egressRules(List.of(new EgressRule("10.0.0.0/8", List.of(1, 2), null)))
                                .build(),
                        spec().egressRules(List.of(new EgressRule("10.0.0.0/8", List.of(2, 1), null)))
                                .build()))
                .containsExactly("egressRules");
        assertThat(fields(
                        spec().mcpServers(new McpServers(List.of("a", "b"), List.of()))
                                .build(),
                        spec().mcpServers(new McpServers(List.of("b", "a"), List.of()))
                                .build()))
                .containsExactly("mcpServers");
    }

    @Test
    void defaultDenyTakenAwayIsADifference() {
        assertThat(fields(
                        spec().build(),
                        spec().domains(new Domains(List.of(), List.of(), false)).build()))
                .containsExactly("domains");
    }

    @Test
    void whatIsAbsentEmptyInAnotherOrderOrADefaultNeverDrifts() {
        for (long seed = 1; seed <= 2_000; seed++) {
            PolicyFleet fleet = new PolicyFleet(seed);
            AccessPolicySpec spec = fleet.spec();

            assertThat(differences(spec, fleet.noisy(spec))).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void whatWasChangedIsNamedAndNothingElse() {
        for (long seed = 1; seed <= 2_000; seed++) {
            PolicyFleet fleet = new PolicyFleet(seed);
            AccessPolicySpec spec = fleet.spec();
            List<String> changed = fleet.some();

            assertThat(fields(spec, fleet.changed(spec, changed)))
                    .as("seed %d", seed)
                    .isEqualTo(changed);
        }
    }
}
