package io.opencrane.postgres;

import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.core.policy.AccessPolicyRows;
import io.opencrane.core.port.PolicyRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The tables {@code access_policies} and {@code access_policy_tombstones}. The JSON in them is that of the custom resource. */
final class PolicyTable extends RowTable<PolicyRow, AccessPolicyQuery> {
    PolicyTable(Sessions sessions) {
        super(
                sessions,
                ResourceKind.ACCESS_POLICY,
                "access_policies",
                "access_policy_tombstones",
                List.of(
                        Column.text("description", PolicyRow::description),
                        new Column<>("tenant_selector", "jsonb", row -> Json.writeModel(row.tenantSelector())),
                        new Column<>("domains", "jsonb", row -> Json.writeModel(row.domains())),
                        new Column<>("egress_rules", "jsonb", row -> Json.writeModel(row.egressRules())),
                        new Column<>("mcp_servers", "jsonb", row -> Json.writeModel(row.mcpServers()))));
    }

    @Override
    void filter(AccessPolicyQuery query, Filters filters) {
        query.namespace().ifPresent(value -> filters.add("namespace = :namespace", "namespace", value));
    }

    /** What PostgreSQL takes for the same letter depends on the database's locale; a list must not. */
    @Override
    Optional<Predicate<PolicyRow>> inMemory(AccessPolicyQuery query) {
        return query.text()
                .map(text -> row -> AccessPolicyRows.hasText(query, row.id().name(), row.description()));
    }

    @Override
    PolicyRow decode(ResultSet row) throws SQLException {
        return new PolicyRow(
                new AccessPolicyId(row.getString("namespace"), row.getString("name")),
                row.getString("uid"),
                row.getString("resource_version"),
                Values.instant(row, "created_at"),
                row.getString("description"),
                Json.readModel(row.getString("tenant_selector"), TenantSelector.class),
                Json.readModel(row.getString("domains"), Domains.class),
                List.of(Json.readModel(row.getString("egress_rules"), EgressRule[].class)),
                Json.readModel(row.getString("mcp_servers"), McpServers.class),
                Values.instant(row, "updated_at"));
    }
}
