package io.opencrane.postgres;

import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.port.TenantRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The tables {@code tenants} and {@code tenant_tombstones}. */
final class TenantTable extends RowTable<TenantRow, TenantQuery> {
    TenantTable(Sessions sessions) {
        super(
                sessions,
                ResourceKind.TENANT,
                "tenants",
                "tenant_tombstones",
                List.of(
                        Column.text("display_name", TenantRow::displayName),
                        Column.text("email", TenantRow::email),
                        Column.text("team", TenantRow::team),
                        Column.text("openclaw_version", TenantRow::openclawVersion),
                        new Column<>("monthly_budget_usd", "numeric", row -> Values.plain(row.monthlyBudgetUsd())),
                        new Column<>("config_overrides", "jsonb", row -> Json.write(row.configOverrides())),
                        Column.text("policy_ref", TenantRow::policyRef),
                        Column.text("cluster_tenant_ref", TenantRow::clusterTenantRef),
                        new Column<>("suspended", "boolean", row -> Boolean.toString(row.suspended())),
                        Column.text("phase", row -> wireName(row.phase())),
                        Column.text("ingress_host", TenantRow::ingressHost)));
    }

    @Override
    void filter(TenantQuery query, Filters filters) {
        query.namespace().ifPresent(value -> filters.add("namespace = :namespace", "namespace", value));
        query.team().ifPresent(value -> filters.add("team = :team", "team", value));
        query.phase().ifPresent(value -> filters.add("phase = :phase", "phase", wireName(value)));
        query.clusterTenant()
                .ifPresent(value -> filters.add("cluster_tenant_ref = :clusterTenant", "clusterTenant", value));
    }

    @Override
    TenantRow decode(ResultSet row) throws SQLException {
        return new TenantRow(
                new TenantId(row.getString("namespace"), row.getString("name")),
                row.getString("uid"),
                row.getString("resource_version"),
                Values.instant(row, "created_at"),
                row.getString("display_name"),
                row.getString("email"),
                row.getString("team"),
                row.getString("openclaw_version"),
                row.getBigDecimal("monthly_budget_usd"),
                Json.read(row.getString("config_overrides")),
                row.getString("policy_ref"),
                row.getString("cluster_tenant_ref"),
                row.getBoolean("suspended"),
                phase(row.getString("phase")),
                row.getString("ingress_host"),
                Values.instant(row, "updated_at"));
    }

    private static String wireName(TenantPhase phase) {
        return switch (phase) {
            case PENDING -> "Pending";
            case RUNNING -> "Running";
            case SUSPENDED -> "Suspended";
            case ERROR -> "Error";
        };
    }

    private static TenantPhase phase(String wireName) {
        for (TenantPhase phase : TenantPhase.values()) {
            if (wireName(phase).equals(wireName)) {
                return phase;
            }
        }
        throw new IllegalStateException("Its phase is none of ours; was it edited by hand?");
    }
}
