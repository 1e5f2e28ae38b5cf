package io.opencrane.core.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.CeilingCheck;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CeilingsTest {
    private static final BudgetAccount GOLD = BudgetAccount.clusterTenant("gold");
    private static final List<Tenant> FLEET = List.of(
            tenant("a", "gold", "100"),
            tenant("b", "gold", "50"),
            tenant("c", "silver", "1000"),
            tenant("d", null, "7"),
            deleted(tenant("e", "gold", "5000")));

    @Test
    void aBudgetIsCheckedAgainstItsAccountAndEverybodys() {
        List<CeilingCheck> checks = check(Map.of(BudgetAccount.global(), usd("1500"), GOLD, usd("200")), null, "120");

        assertThat(checks).hasSize(2);
        assertThat(checks.get(0)).satisfies(global -> {
            assertThat(global.account()).isEqualTo(BudgetAccount.global());
            assertThat(global.committedUsd()).isEqualByComparingTo("1177"); // 120 instead of a's 100
            assertThat(global.fits()).isTrue();
            assertThat(global.excessUsd()).isEqualByComparingTo("0");
        });
        assertThat(checks.get(1)).satisfies(gold -> {
            assertThat(gold.account()).isEqualTo(GOLD);
            assertThat(gold.committedUsd()).isEqualByComparingTo("170");
            assertThat(gold.fits()).isTrue();
        });
    }

    @Test
    void oneCentTooMuchDoesNotFitAndTheWholeCeilingDoes() {
        assertThat(check(Map.of(GOLD, usd("200")), null, "150")).allMatch(CeilingCheck::fits);
        assertThat(check(Map.of(GOLD, usd("200")), null, "150.01"))
                .singleElement()
                .satisfies(gold -> {
                    assertThat(gold.fits()).isFalse();
                    assertThat(gold.excessUsd()).isEqualByComparingTo("0.01");
                });
    }

    @Test
    void anUnlimitedBudgetFitsUnderNoCeiling() {
        assertThat(check(Map.of(GOLD, usd("1000000")), null, null))
                .singleElement()
                .satisfies(gold -> {
                    assertThat(gold.fits()).isFalse();
                    assertThat(gold.committedUsd()).isNull();
                    assertThat(gold.excessUsd()).isNull();
                });
    }

    @Test
    void aBudgetThatIsNotSetCountsAsTheDefault() {
        assertThat(check(Map.of(GOLD, usd("100")), usd("25"), null))
                .singleElement()
                .satisfies(gold -> {
                    assertThat(gold.committedUsd()).isEqualByComparingTo("75");
                    assertThat(gold.fits()).isTrue();
                });
    }

    @Test
    void withoutACeilingNothingIsAddedUp() {
        List<CeilingCheck> checks = new Ceilings(Map.of(BudgetAccount.clusterTenant("silver"), usd("1")), null)
                .check(
                        new Iterator<>() {
                            @Override
                            public boolean hasNext() {
                                throw new AssertionError("the fleet was read for nothing");
                            }

                            @Override
                            public Tenant next() {
                                throw new AssertionError("the fleet was read for nothing");
                            }
                        },
                        null,
                        GOLD,
                        usd("5"));

        assertThat(checks).isEmpty();
    }

    @Test
    void aCustomerCalledGlobalIsNotEverybody() {
        Map<BudgetAccount, BigDecimal> ceilings = Map.of(BudgetAccount.clusterTenant("global"), usd("1"));

        assertThat(check(ceilings, null, "500")).isEmpty();
    }

    /** As if tenant a, of gold, were to have another budget. */
    private static List<CeilingCheck> check(
            Map<BudgetAccount, BigDecimal> ceilings, BigDecimal defaultBudget, String wanted) {
        return new Ceilings(ceilings, defaultBudget)
                .check(FLEET.iterator(), new TenantId("opencrane", "a"), GOLD, wanted == null ? null : usd(wanted));
    }

    private static BigDecimal usd(String amount) {
        return new BigDecimal(amount);
    }

    private static Tenant tenant(String name, String customer, String budget) {
        TenantSpec.Builder spec = TenantSpec.builder(name, "a@b.c").monthlyBudgetUsd(budget);
        if (customer != null) {
            spec.clusterTenantRef(customer);
        }
        return new Tenant(ResourceMetadata.of("opencrane", name), spec.build(), TenantStatus.empty());
    }

    private static Tenant deleted(Tenant tenant) {
        return tenant.withMetadata(new ResourceMetadata(
                "opencrane",
                tenant.metadata().name(),
                "uid",
                "",
                1,
                null,
                Instant.EPOCH,
                Map.of(),
                Map.of(),
                List.of()));
    }
}
