package io.opencrane.core.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.TenantRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectableTest {
    private static TenantRow row(String displayName, String budget, FreeForm overrides) {
        return new TenantRow(
                new TenantId("opencrane", "acme"),
                "uid-1",
                "18446744073709551615",
                Instant.parse("2026-01-01T00:00:00.123456789Z"),
                displayName,
                "owner@acme.com",
                null,
                null,
                budget == null ? null : new BigDecimal(budget),
                overrides,
                null,
                null,
                false,
                TenantPhase.PENDING,
                null,
                null);
    }

    private static List<String> pathsOf(TenantRow row) {
        return Projectable.problems(row).stream().map(Problem::path).toList();
    }

    @Test
    void everyRefusedFieldIsNamedAtOnce() {
        TenantRow row = row("A\u0000", "1e300", FreeForm.of(Map.of("models", List.of(Map.of("name\u0000", "x")))));

        assertThat(pathsOf(row)).containsExactly("displayName", "monthlyBudgetUsd", "configOverrides");
        assertThatThrownBy(() -> Projectable.require(row))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("monthlyBudgetUsd")
                .hasMessageContaining("Tenant opencrane/acme");
    }

    @ParameterizedTest
    @CsvSource({
        "9999999999.99, 9999999999.99",
        "9999999999.994, 9999999999.99",
        "0.005, 0.01",
        "200, 200.00",
        "1e-400, 0.00",
        "1e-999999999, 0.00",
        "-0.005, -0.01"
    })
    void moneyIsKeptAtTwoDigitsRoundedHalfUp(String given, BigDecimal kept) {
        assertThat(Projectable.require(row("A", given, FreeForm.empty())).monthlyBudgetUsd())
                .isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999999999.995", "10000000000", "1e300", "-1e10", "1e999999999"})
    void moneyBeyondItsColumnIsRefused(String given) {
        assertThat(pathsOf(row("A", given, FreeForm.empty()))).containsExactly("monthlyBudgetUsd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a\u0000b", "\ud800", "\udc00", "\ud83da"})
    void textWithoutAUtf8FormIsRefused(String given) {
        assertThat(pathsOf(row(given, null, FreeForm.empty()))).containsExactly("displayName");
        assertThat(pathsOf(row("A", null, FreeForm.of(Map.of("k", List.of(given))))))
                .containsExactly("configOverrides");
    }

    @Test
    void anythingTheApiServerCanMeanByANumberOrATextIsKept() {
        FreeForm overrides =
                FreeForm.of(Map.of("max", Double.MAX_VALUE, "min", Double.MIN_VALUE, "smile", "\ud83d\ude00"));

        assertThat(pathsOf(row("\ud83d\ude00 \u0001 \uffff", null, overrides))).isEmpty();
    }

    @Test
    void aNumberNobodyCouldReadBackIsRefused() {
        assertThat(pathsOf(row("A", null, FreeForm.of(Map.of("n", new BigDecimal("1e1001"))))))
                .containsExactly("configOverrides");
        assertThat(pathsOf(row("A", null, FreeForm.of(Map.of("n", new BigDecimal("1e-1001"))))))
                .containsExactly("configOverrides");
    }

    @Test
    void bottomlessOverridesAreRefused() {
        List<Object> nested = new ArrayList<>();
        for (int depth = 0; depth < 600; depth++) {
            nested = new ArrayList<>(Arrays.asList(nested, null));
        }

        assertThat(pathsOf(row("A", null, FreeForm.of(Map.of("deep", nested))))).containsExactly("configOverrides");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "-1", "01", "1.0", "123456789012345678901"})
    void aResourceVersionWithoutAnAgeIsRefused(String version) {
        TenantRow good = row("A", null, FreeForm.empty());
        TenantRow bad = new TenantRow(
                good.id(),
                good.uid(),
                version,
                good.createdAt(),
                "A",
                good.email(),
                null,
                null,
                null,
                FreeForm.empty(),
                null,
                null,
                false,
                TenantPhase.PENDING,
                null,
                null);

        assertThat(pathsOf(bad)).containsExactly("resourceVersion");
    }

    @Test
    void timesAreKeptAtMicroseconds() {
        assertThat(Projectable.require(row("A", null, FreeForm.empty())).createdAt())
                .isEqualTo("2026-01-01T00:00:00.123456Z");
    }

    @Test
    void aProblemNeverRepeatsTheValue() {
        assertThat(Projectable.problems(row("A", null, FreeForm.of(Map.of("apiKey", "sk-secret\u0000")))))
                .singleElement()
                .asString()
                .doesNotContain("sk-secret")
                .doesNotContain("apiKey");
    }

    private static List<String> refused(ThrowingCallable call) {
        return catchThrowableOfType(ValidationException.class, call).problems().stream()
                .map(Problem::path)
                .toList();
    }

    @Test
    void aCeilingIsKeptAtTwoDigitsAndMayBeZeroOrNone() {
        BudgetAccount longest = BudgetAccount.clusterTenant("x".repeat(253));

        assertThat(Projectable.require(longest, new BigDecimal("0.005"))).isEqualTo(new BigDecimal("0.01"));
        assertThat(Projectable.require(BudgetAccount.global(), new BigDecimal("9999999999.994")))
                .isEqualTo(new BigDecimal("9999999999.99"));
        assertThat(Projectable.require(BudgetAccount.install(), BigDecimal.ZERO))
                .isEqualTo(new BigDecimal("0.00"));
        assertThat(Projectable.require(BudgetAccount.install(), null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999999999.995", "1e300", "1e999999999", "-0.001", "-1e-999999999"})
    void aCeilingBeyondItsColumnOrBelowZeroIsRefused(String amount) {
        assertThat(refused(() -> Projectable.require(BudgetAccount.global(), new BigDecimal(amount))))
                .containsExactly("monthlyUsd");
    }

    @Test
    void aCeilingsAccountIsANameThatAClusterTenantCanHave() {
        for (String name : List.of("a\u0000", "x".repeat(254))) {
            assertThat(refused(() -> Projectable.require(BudgetAccount.clusterTenant(name), null)))
                    .containsExactly("clusterTenant");
        }
    }

    @Test
    void aBudgetMarkIsKeptAtMicroseconds() {
        TenantId acme = new TenantId("opencrane", "acme");

        assertThat(Projectable.require(new BudgetMark(acme, 80, Instant.parse("2026-01-01T00:00:00.123456789Z"))))
                .isEqualTo(new BudgetMark(acme, 80, Instant.parse("2026-01-01T00:00:00.123456Z")));
        assertThat(Projectable.require(new BudgetMark(acme, 0, null))).isEqualTo(new BudgetMark(acme, 0, null));
    }

    @Test
    void everyRefusedFieldOfABudgetMarkIsNamedAtOnce() {
        assertThat(refused(() ->
                        Projectable.require(new BudgetMark(new TenantId("opencrane", "a\u0000"), -1, Instant.MAX))))
                .containsExactly("name", "periodEndsAt", "percent");
    }

    private static PolicyRow policy(String name, AccessPolicySpec spec) {
        return new PolicyRow(
                new AccessPolicyId("opencrane", name),
                "uid-1",
                "7",
                Instant.parse("2026-01-01T00:00:00.123456789Z"),
                spec.description(),
                spec.tenantSelector(),
                spec.domains(),
                spec.egressRules(),
                spec.mcpServers(),
                null);
    }

    @Test
    void everyRefusedFieldOfAPolicyIsNamedAtOnce() {
        AccessPolicySpec spec = new AccessPolicySpec(
                "\u0000",
                new TenantSelector(Map.of("a", "b\u0000"), null),
                new Domains(List.of("good.example"), List.of("\ud800"), true),
                List.of(new EgressRule("10.0.0.0/8", null, null), new EgressRule("sk-secret\u0000", null, null)),
                new McpServers(List.of(), List.of("\u0000")));

        assertThat(refused(() -> Projectable.require(policy("x".repeat(254), spec))))
                .containsExactly("name", "description", "tenantSelector", "domains", "egressRules", "mcpServers");
        assertThatThrownBy(() -> Projectable.require(policy("strict", spec)))
                .hasMessageContaining("AccessPolicy opencrane/strict")
                .message()
                .doesNotContain("sk-secret");
        assertThat(Projectable.problems(
                        policy("strict", AccessPolicySpec.builder().build())))
                .isEmpty();
    }

    @Test
    void aPolicyIsKeptAtMicrosecondsAndWithoutAnEmptyTeam() {
        AccessPolicySpec spec = AccessPolicySpec.builder()
                .tenantSelector(new TenantSelector(Map.of("a", ""), ""))
                .build();

        PolicyRow kept = Projectable.require(policy("strict", spec));
        assertThat(kept.createdAt()).isEqualTo("2026-01-01T00:00:00.123456Z");
        assertThat(kept.tenantSelector()).isEqualTo(new TenantSelector(Map.of("a", ""), null));
    }

    @Test
    void aPolicyQueryThatNoRowCanMatchIsRefusedByFieldName() {
        AccessPolicyQuery query = AccessPolicyQuery.builder()
                .namespace("\u0000")
                .text("\ud800")
                .after("\u0000")
                .build();

        assertThat(refused(() -> Projectable.require(query))).containsExactly("namespace", "text", "after");
    }
}
