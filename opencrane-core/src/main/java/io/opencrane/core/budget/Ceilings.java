package io.opencrane.core.budget;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.CeilingCheck;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds up budgets. Pure. */
final class Ceilings {
    private final Map<BudgetAccount, BigDecimal> ceilings;
    private final @Nullable BigDecimal defaultBudget;

    Ceilings(Map<BudgetAccount, BigDecimal> ceilings, @Nullable BigDecimal defaultBudget) {
        this.ceilings = ceilings;
        this.defaultBudget = defaultBudget;
    }

    static BudgetAccount accountOf(@Nullable String clusterTenant) {
        return clusterTenant == null || clusterTenant.isBlank()
                ? BudgetAccount.install()
                : BudgetAccount.clusterTenant(clusterTenant);
    }

    /**
     * Checks the ceilings that count for a budget: everybody's and its account's.
     *
     * @param id whose budget it is, so that the present one is not counted too; null for a new tenant
     */
    List<CeilingCheck> check(
            Iterator<Tenant> tenants, @Nullable TenantId id, BudgetAccount account, @Nullable BigDecimal wanted) {
        Map<BudgetAccount, Optional<BigDecimal>> sums = new LinkedHashMap<>();
        for (BudgetAccount each : List.of(BudgetAccount.global(), account)) {
            if (ceilings.containsKey(each)) {
                sums.put(each, budget(wanted));
            }
        }
        while (!sums.isEmpty() && tenants.hasNext()) {
            Tenant tenant = tenants.next();
            if (!tenant.id().equals(id) && !tenant.metadata().isBeingDeleted()) {
                Optional<BigDecimal> budget = budget(tenant.spec().monthlyBudgetUsd());
                BudgetAccount its = accountOf(tenant.spec().clusterTenantRef());
                sums.replaceAll((each, sum) ->
                        each.equals(BudgetAccount.global()) || each.equals(its) ? plus(sum, budget) : sum);
            }
        }
        List<CeilingCheck> checks = new ArrayList<>();
        sums.forEach((each, sum) -> checks.add(check(each, sum)));
        return List.copyOf(checks);
    }

    private CeilingCheck check(BudgetAccount account, Optional<BigDecimal> sum) {
        BigDecimal ceiling = ceilings.getOrDefault(account, BigDecimal.ZERO);
        BigDecimal excess =
                sum.map(total -> total.subtract(ceiling).max(BigDecimal.ZERO)).orElse(null);
        return new CeilingCheck(account, ceiling, sum.orElse(null), excess, excess != null && excess.signum() == 0);
    }

    /** Empty is unlimited. */
    private Optional<BigDecimal> budget(@Nullable BigDecimal own) {
        return Optional.ofNullable(own == null ? defaultBudget : own);
    }

    private static Optional<BigDecimal> plus(Optional<BigDecimal> sum, Optional<BigDecimal> budget) {
        return sum.isEmpty() || budget.isEmpty()
                ? Optional.empty()
                : Optional.of(sum.get().add(budget.get()));
    }
}
