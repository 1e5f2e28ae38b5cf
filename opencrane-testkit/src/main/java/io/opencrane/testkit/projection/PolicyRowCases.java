package io.opencrane.testkit.projection;

import static io.opencrane.core.port.ProjectionStore.Written.YES;
import static io.opencrane.testkit.projection.ProjectionCases.ACME;
import static io.opencrane.testkit.projection.ProjectionCases.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ValidationException;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.RowStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The part of {@link ProjectionStoreTck} about the rows of access policies. */
abstract class PolicyRowCases extends RowListCases<AccessPolicyId, PolicyRow, AccessPolicyQuery> {
    private static final Domains DOMAINS =
            new Domains(List.of("*.example.com", "b.example", "a.example"), List.of("x.example.com"), false);
    private static final List<EgressRule> RULES = List.of(
            new EgressRule("10.20.0.0/16", List.of(5432, 443, 80), EgressRule.Protocol.TCP),
            new EgressRule("10.0.0.10/32", List.of(53), EgressRule.Protocol.UDP),
            new EgressRule("10.20.0.0/16", List.of(443), EgressRule.Protocol.TCP));
    private static final TenantSelector SELECTOR =
            new TenantSelector(Map.of("example.com/tier", "gold", "empty", ""), "red \"team\"");
    private static final McpServers SERVERS = new McpServers(List.of("jira", "github"), List.of("shell"));

    PolicyRowCases(ProjectionCases context) {
        super(context);
    }

    @Override
    final ResourceKind kind() {
        return ResourceKind.ACCESS_POLICY;
    }

    @Override
    final RowStore<AccessPolicyId, PolicyRow, AccessPolicyQuery> rows() {
        return context.store().policies();
    }

    @Override
    final AccessPolicyId id(String namespace, String name) {
        return new AccessPolicyId(namespace, name);
    }

    @Override
    final PolicyRow row(Draft draft) {
        return row(draft, AccessPolicySpec.builder().description(draft.text).build());
    }

    private PolicyRow row(Draft draft, AccessPolicySpec spec) {
        return row(draft, spec, null);
    }

    private PolicyRow row(Draft draft, AccessPolicySpec spec, @Nullable Instant writtenAt) {
        return new PolicyRow(
                id(draft.namespace, draft.name),
                draft.uid,
                draft.version,
                draft.createdAt,
                spec.description(),
                spec.tenantSelector(),
                spec.domains(),
                spec.egressRules(),
                spec.mcpServers(),
                writtenAt);
    }

    @Override
    final @Nullable String text(PolicyRow row) {
        return row.description();
    }

    @Override
    final String textField() {
        return "description";
    }

    @Override
    final @Nullable Instant writtenAt(PolicyRow row) {
        return row.updatedAt();
    }

    @Override
    final AccessPolicyQuery query(@Nullable String namespace, int limit, @Nullable String after) {
        AccessPolicyQuery.Builder query =
                AccessPolicyQuery.builder().limit(limit).after(after);
        return (namespace == null ? query : query.namespace(namespace)).build();
    }

    private void assertKept(AccessPolicySpec spec) {
        write(row(acme(), spec));

        assertThat(onRecord()).isEqualTo(row(acme(), spec, NOW));
    }

    @Test
    void everyFieldIsReadBackAsItWasWritten() {
        assertKept(new AccessPolicySpec(
                "For \"red\" \\ {1,2} NULL \u00fc\ud83d\ude00\n\t", SELECTOR, DOMAINS, RULES, SERVERS));
    }

    @Test
    void aPolicyThatSaysNothingIsReadBackAsSuch() {
        assertKept(AccessPolicySpec.builder().build());
        assertKept(AccessPolicySpec.builder().description("").build());
    }

    @Test
    void anEmptyTeamWhichTheJsonLeavesOutIsNone() {
        write(row(
                acme(),
                AccessPolicySpec.builder()
                        .tenantSelector(new TenantSelector(Map.of("tier", "gold"), ""))
                        .build()));

        assertThat(onRecord().tenantSelector()).isEqualTo(new TenantSelector(Map.of("tier", "gold"), null));
    }

    @Test
    void fiveThousandRulesAreKeptInTheirOrder() {
        List<EgressRule> rules = IntStream.range(0, 5_000)
                .mapToObj(i -> new EgressRule(
                        "10." + (i % 7) + "." + (i % 250) + "." + i / 250 + "/32",
                        List.of(1 + i, 443),
                        i % 3 == 0 ? EgressRule.Protocol.UDP : EgressRule.Protocol.TCP))
                .toList();
        assertKept(AccessPolicySpec.builder().egressRules(rules).build());
    }

    @Test
    void whatCannotBeKeptAnywhereInAPolicyIsRefusedByFieldName() {
        String bad = "a\u0000";
        AccessPolicySpec.Builder good = AccessPolicySpec.builder();

        assertRefused(selecting(new TenantSelector(Map.of(bad, "x"), null)), "tenantSelector");
        assertRefused(selecting(new TenantSelector(Map.of("x", bad), null)), "tenantSelector");
        assertRefused(selecting(new TenantSelector(Map.of(), bad)), "tenantSelector");
        for (Domains domains :
                List.of(new Domains(List.of(bad), List.of(), true), new Domains(List.of(), List.of("x", bad), true))) {
            assertRefused(row(acme(), good.domains(domains).build()), "domains");
        }
        good.domains(Domains.DEFAULT);
        assertRefused(
                row(
                        acme(),
                        good.egressRules(List.of(new EgressRule("\ud83d", List.of(443), EgressRule.Protocol.TCP)))
                                .build()),
                "egressRules");
        good.egressRules(List.of());
        for (McpServers servers :
                List.of(new McpServers(List.of(bad), List.of()), new McpServers(List.of(), List.of(bad)))) {
            assertRefused(row(acme(), good.mcpServers(servers).build()), "mcpServers");
        }
    }

    private PolicyRow selecting(TenantSelector selector) {
        return row(acme(), AccessPolicySpec.builder().tenantSelector(selector).build());
    }

    private List<String> withText(String text) {
        return listed(AccessPolicyQuery.builder().text(text).build());
    }

    @Test
    void theTextFilterFindsNamesAndDescriptionsInUpperAndLowerCase() {
        write(draft("a", "strict").text("For the Red Team"));
        write(draft("a", "red-only").text("\u00dcber alles 100% a_b"));
        write(draft("b", "wide").text("red"));
        write(row(draft("b", "mute"), AccessPolicySpec.builder().build()));

        assertThat(withText("RED")).containsExactly("a/red-only", "a/strict", "b/wide");
        assertThat(withText("red t")).containsExactly("a/strict");
        assertThat(withText("STRICT")).containsExactly("a/strict");
        assertThat(withText("\u00fcBER")).containsExactly("a/red-only");
        assertThat(withText("0%")).containsExactly("a/red-only");
        assertThat(withText("a_b")).containsExactly("a/red-only");
        assertThat(withText("d_")).isEmpty();
        assertThat(withText("' OR true --")).isEmpty();
        assertThat(withText("")).hasSize(4);
        assertThat(listed(AccessPolicyQuery.builder().text("red").namespace("b").build()))
                .containsExactly("b/wide");
        assertThat(listed(AccessPolicyQuery.builder().text("red").build(), "b")).containsExactly("b/wide");
        assertThatThrownBy(() -> withText("\u0000"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("text");
    }

    @Test
    void pagesOfATextFilterFollowOneAnotherHoweverFarApartTheirRowsAre() {
        List<PolicyRow> many = IntStream.range(0, 1_300)
                .mapToObj(i -> draft("a", "p" + (10_000 + i))
                        .text(i % 400 == 399 ? "wanted" : "other")
                        .build())
                .toList();
        rows().writeAll(many, "row.repair");
        List<List<String>> pages = new ArrayList<>();
        String next = null;
        do {
            Page<PolicyRow> page = rows().list(
                            AccessPolicyQuery.builder()
                                    .text("Wanted")
                                    .limit(2)
                                    .after(next)
                                    .build(),
                            List.of());
            pages.add(keysOf(page.items()));
            next = page.next();
        } while (next != null);

        assertThat(pages).containsExactly(List.of("a/p10399", "a/p10799"), List.of("a/p11199"));
    }

    @Test
    void aPolicyAndATenantOfOneNameHaveNothingToDoWithEachOther() {
        BudgetMark mark = new BudgetMark(ACME, 80, null);
        context.write(ProjectionCases.acme());
        context.store().markBudget(mark);
        write(acme().createdAt("2026-02-01T00:00:00Z"));
        remove("uid-1");

        assertThat(context.store().tenants().find(ACME)).isPresent();
        assertThat(context.store().budgetMarks()).containsExactly(mark);
        assertThat(context.write(ProjectionCases.acme().version("101"))).isEqualTo(YES);
        context.remove("uid-1");
        assertThat(write(acme().uid("later").createdAt("2026-03-01T00:00:00Z"))).isEqualTo(YES);
    }

    @Test
    void theAuditEntriesOfManyPoliciesAreNoTenants() {
        PolicyRow row = acme().build();
        rows().writeAll(List.of(row), "access-policy.repair");

        assertThat(log()).containsExactly(AuditEntry.ofRow(row, "access-policy.repair", NOW));
        assertThat(log()).extracting(AuditEntry::tenant).containsOnlyNulls();
        assertThat(context.store().audit(ACME, 10)).isEmpty();
    }
}
