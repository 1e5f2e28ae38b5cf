package io.opencrane.k8s.reconcile;

import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.budget.KeyOwner;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.tenant.TenantNames;
import java.math.BigDecimal;
import java.util.Map;

/** A tenant as the model gateway knows it. */
final class KeyOwners {
    private KeyOwners() {}

    static KeyOwner of(Tenant tenant, Settings settings, String instanceId) {
        BigDecimal budget = tenant.spec().monthlyBudgetUsd();
        return new KeyOwner(
                TenantNames.teamId(instanceId, tenant.id()),
                tenant.id().toString(),
                budget == null ? settings.modelGateway().defaultMonthlyBudgetUsd() : budget,
                Map.of(
                        "opencrane_instance",
                        instanceId,
                        "opencrane_namespace",
                        tenant.metadata().namespace(),
                        "opencrane_tenant",
                        tenant.metadata().name()));
    }
}
