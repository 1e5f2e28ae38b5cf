package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTouchTest {
    /** What a tenant has to do with policy lab, of which it is said in its name. */
    private static final Map<String, PolicySubject> TENANTS = Map.of(
            "under", subject("research", "", "lab"),
            "named", subject("", "lab", "lab"),
            "named-other", subject("research", "strict", "strict"),
            "selected", subject("research", "", null),
            "in-conflict", subject("research", "", "old"),
            "sales", subject("sales", "", "sales-policy"),
            "sales-under", subject("sales", "", "lab"),
            "waits-default", subject("", "", null),
            "nobody", subject("", "", null));

    private static PolicySubject subject(String team, String policyRef, String lastInForce) {
        return new PolicySubject(new TenantId("opencrane", "acme"), team, Map.of(), policyRef, lastInForce);
    }

    private static AccessPolicy policy(String what) {
        AccessPolicySpec.Builder spec = AccessPolicySpec.builder();
        ResourceMetadata metadata = ResourceMetadata.of("opencrane", "lab");
        for (String word : what.split(" ")) {
            switch (word) {
                case "research", "sales" -> spec.tenantSelector(new TenantSelector(Map.of(), word));
                case "bare" -> spec.tenantSelector(TenantSelector.NONE);
                case "rules" -> spec.egressRules(List.of(new EgressRule("10.0.0.0/8", List.of(443), Protocol.TCP)));
                case "names" -> spec.domains(new Domains(List.of("a.com"), List.of(), true));
                case "servers" -> spec.mcpServers(new McpServers(List.of("a"), List.of()));
                case "described" -> spec.description("for people");
                case "going" ->
                    metadata = new ResourceMetadata(
                            "opencrane",
                            "lab",
                            "uid",
                            "7",
                            1,
                            Instant.EPOCH,
                            Instant.EPOCH,
                            Map.of(),
                            Map.of(),
                            List.of("opencrane.io/cleanup"));
                default -> throw new IllegalArgumentException(word);
            }
        }
        return new AccessPolicy(metadata, spec.build(), AccessPolicyStatus.empty());
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    # before          | after                   | touched
                    -                 | bare                    | named sales-under under waits-default
                    -                 | research                | in-conflict named sales-under selected under waits-default
                    -                 | research rules servers  | in-conflict named sales-under selected under waits-default
                    bare              | -                       | named sales-under under
                    research          | -                       | in-conflict named sales-under selected under
                    research          | research going          | in-conflict named sales-under selected under
                    research going    | -                       | named sales-under under
                    research going    | research going rules    |
                    -                 | research going          | named sales-under under
                    research going    | sales going             |
                    research          | sales                   | in-conflict sales sales-under selected under
                    research          | bare                    | in-conflict selected under
                    bare              | research                | in-conflict selected under
                    research          | research servers        | named sales-under under
                    research servers  | research                | named sales-under under
                    research          | research rules          |
                    research rules    | research names          |
                    research          | research described      |
                    research          | research                |
                    """)
    void whatAChangeTouches(String before, String after, String touched) {
        PolicyTouch touch =
                new PolicyTouch(before.equals("-") ? null : policy(before), after.equals("-") ? null : policy(after));

        String found = new TreeMap<>(TENANTS)
                .entrySet().stream()
                        .filter(tenant ->
                                touch.touches(tenant.getValue(), tenant.getKey().equals("waits-default")))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.joining(" "));

        assertThat(found).isEqualTo(touched == null ? "" : touched);
    }

    @Test
    void aChangeOfNothingIsRefused() {
        assertThatThrownBy(() -> new PolicyTouch(null, null)).isInstanceOf(IllegalArgumentException.class);
    }
}
