package io.opencrane.api.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TenantPatchTest {
    private final TenantSpec spec = TenantSpec.builder("ACME", "owner@acme.com")
            .team("eng")
            .monthlyBudgetUsd("200")
            .policyRef("strict")
            .openclawVersion("1.2")
            .build();

    @Test
    void budgetsAreEqualWhenTheirAmountsAre() {
        assertThat(spec).isEqualTo(spec.toBuilder().monthlyBudgetUsd("200.00").build());
        assertThat(spec).isEqualTo(spec.toBuilder().monthlyBudgetUsd("2E+2").build());
        assertThat(spec)
                .isNotEqualTo(spec.toBuilder().monthlyBudgetUsd("200.01").build());
        assertThat(spec.monthlyBudgetUsd()).hasToString("200");
    }

    @Test
    void anEmptyPatchChangesNothing() {
        assertThat(TenantPatch.builder().build().applyTo(spec)).isEqualTo(spec);
    }

    @Test
    void onlyNamedFieldsChange() {
        TenantSpec changed = TenantPatch.builder().team("ops").build().applyTo(spec);
        assertThat(changed).isEqualTo(spec.toBuilder().team("ops").build()).isNotEqualTo(spec);
    }

    @Test
    void aPatchCanClear() {
        TenantSpec changed = TenantPatch.builder()
                .clear(TenantField.TEAM, TenantField.MONTHLY_BUDGET_USD)
                .build()
                .applyTo(spec);
        assertThat(changed.team()).isNull();
        assertThat(changed.monthlyBudgetUsd()).isNull();
        assertThat(changed.policyRef()).isEqualTo("strict");
    }

    @ParameterizedTest
    @EnumSource(TenantField.class)
    void everyOptionalFieldCanBeClearedAndNoRequiredOne(TenantField field) {
        if (field.isRequired()) {
            assertThatThrownBy(() -> TenantPatch.builder().clear(field)).isInstanceOf(IllegalArgumentException.class);
        } else {
            TenantSpec cleared = TenantPatch.builder().clear(field).build().applyTo(spec);
            TenantSpec twice = TenantPatch.builder().clear(field).build().applyTo(cleared);
            assertThat(twice).isEqualTo(cleared);
        }
    }

    @Test
    void clearingEverythingOptionalLeavesTheBareSpec() {
        TenantField[] optional = Arrays.stream(TenantField.values())
                .filter(field -> !field.isRequired())
                .toArray(TenantField[]::new);
        assertThat(TenantPatch.builder().clear(optional).build().applyTo(spec))
                .isEqualTo(TenantSpec.builder("ACME", "owner@acme.com").build());
    }

    @Test
    void aFieldCannotBeBothSetAndCleared() {
        TenantPatch.Builder both = TenantPatch.builder().team("ops").clear(TenantField.TEAM);
        assertThatThrownBy(both::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("team");
    }

    @Test
    void applyingTwiceEqualsApplyingOnce() {
        TenantPatch patch = TenantPatch.builder()
                .displayName("New")
                .policyRef("loose")
                .clear(TenantField.TEAM)
                .build();
        TenantSpec once = patch.applyTo(spec);
        assertThat(patch.applyTo(once)).isEqualTo(once);
    }

    @Test
    void valuesDoNotShowInToString() {
        assertThat(TenantPatch.builder().email("private@acme.com").build().toString())
                .contains("EMAIL")
                .doesNotContain("private");
    }
}
