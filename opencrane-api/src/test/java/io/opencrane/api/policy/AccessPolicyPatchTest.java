package io.opencrane.api.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessPolicyPatchTest {
    private static final AccessPolicySpec FULL = NewAccessPolicy.builder("full")
            .description("Everything set")
            .matchTeam("engineering")
            .matchLabel("tier", "gold")
            .allowDomains("a.com", "*.b.com")
            .denyDomains("c.com")
            .allowUnlistedDomains()
            .egress("10.0.0.0/8", 1, 2)
            .egress(EgressRule.udp("11.0.0.0/8"))
            .allowMcpServers("jira")
            .denyMcpServers("payroll")
            .build()
            .spec();

    @Test
    void theBuilderOfANewPolicyMakesTheSpecThatItsWordsSay() {
        assertThat(FULL)
                .isEqualTo(new AccessPolicySpec(
                        "Everything set",
                        new TenantSelector(Map.of("tier", "gold"), "engineering"),
                        new Domains(List.of("a.com", "*.b.com"), List.of("c.com"), false),
                        List.of(
                                new EgressRule("10.0.0.0/8", List.of(1, 2), EgressRule.Protocol.TCP),
                                new EgressRule("11.0.0.0/8", List.of(443), EgressRule.Protocol.UDP)),
                        new McpServers(List.of("jira"), List.of("payroll"))));
    }

    @Test
    void aNewPolicySaysNothingThatWasNotAskedFor() {
        NewAccessPolicy policy = NewAccessPolicy.builder("empty").build();

        assertThat(policy.namespace()).isNull();
        assertThat(policy.createRequest()).isNull();
        assertThat(policy.spec()).isEqualTo(AccessPolicySpec.builder().build());
    }

    @Test
    void severalCallsForOneListAddUp() {
        AccessPolicySpec spec = NewAccessPolicy.builder("p")
                .allowDomains("a.com")
                .allowDomains("b.com")
                .matchLabel("x", "1")
                .matchLabels(Map.of("y", "2"))
                .egress("10.0.0.0/8")
                .egress("11.0.0.0/8")
                .build()
                .spec();

        assertThat(spec.domains().allow()).containsExactly("a.com", "b.com");
        assertThat(spec.tenantSelector().matchLabels()).isEqualTo(Map.of("x", "1", "y", "2"));
        assertThat(spec.egressRules()).hasSize(2);
    }

    @Test
    void anEmptyPatchChangesNothing() {
        AccessPolicyPatch patch = AccessPolicyPatch.builder().build();

        assertThat(patch.applyTo(FULL)).isEqualTo(FULL);
        assertThat(patch.expectedVersion()).isEmpty();
        assertThat(patch).hasToString("AccessPolicyPatch[set nothing, clear nothing]");
    }

    @Test
    void aListThatIsSetReplacesTheOldOneAndLeavesItsNeighbour() {
        AccessPolicySpec after = AccessPolicyPatch.builder()
                .allowDomains("d.com")
                .matchTeam("sales")
                .denyMcpServers()
                .denyUnlistedDomains()
                .build()
                .applyTo(FULL);

        assertThat(after.domains()).isEqualTo(new Domains(List.of("d.com"), List.of("c.com"), true));
        assertThat(after.tenantSelector()).isEqualTo(new TenantSelector(Map.of("tier", "gold"), "sales"));
        assertThat(after.mcpServers()).isEqualTo(new McpServers(List.of("jira"), List.of()));
        assertThat(after.egressRules()).isEqualTo(FULL.egressRules());
        assertThat(after.description()).isEqualTo("Everything set");
    }

    @ParameterizedTest
    @EnumSource
    void clearingAPartPutsItAndNothingElseToItsDefault(AccessPolicyField field) {
        AccessPolicySpec nothing = AccessPolicySpec.builder().build();
        AccessPolicyPatch clear = AccessPolicyPatch.builder().clear(field).build();

        AccessPolicySpec cleared = clear.applyTo(FULL);

        assertThat(cleared).isNotEqualTo(FULL);
        assertThat(field.copy(FULL, cleared)).isEqualTo(FULL);
        assertThat(clear.applyTo(nothing)).isEqualTo(nothing);
    }

    @Test
    void clearingEveryPartLeavesNothing() {
        AccessPolicyPatch patch =
                AccessPolicyPatch.builder().clear(AccessPolicyField.values()).build();

        assertThat(patch.applyTo(FULL)).isEqualTo(AccessPolicySpec.builder().build());
    }

    @Test
    void itsTextNamesPartsAndNeverValues() {
        AccessPolicyPatch patch = AccessPolicyPatch.builder()
                .allowDomains("internal.example.com")
                .egress("10.0.0.0/8")
                .clear(AccessPolicyField.DESCRIPTION)
                .ifVersion("7")
                .build();

        assertThat(patch).hasToString("AccessPolicyPatch[set domains.allow and egressRules, clear description]");
        assertThat(patch.expectedVersion()).contains("7");
    }

    @Test
    void aPatchDoesNotChangeWithItsBuilder() {
        AccessPolicyPatch.Builder builder = AccessPolicyPatch.builder();
        AccessPolicyPatch patch = builder.build();

        builder.description("Later").clear(AccessPolicyField.EGRESS_RULES);

        assertThat(patch.applyTo(FULL)).isEqualTo(FULL);
    }

    @Test
    void settingAndClearingTheSamePartIsAContradiction() {
        assertThatThrownBy(() -> AccessPolicyPatch.builder()
                        .matchTeam("x")
                        .clear(AccessPolicyField.MATCH_TEAM)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tenantSelector.matchTeam is both set and cleared; choose one.");
    }
}
