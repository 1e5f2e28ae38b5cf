package io.opencrane.it.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.projection.DriftReport;
import io.opencrane.api.projection.Mismatch;
import io.opencrane.api.projection.ProjectionService;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.projection.RepairReport;
import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.policy.AccessPolicyRows;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.projection.ProjectionServices;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.postgres.PostgresProjection;
import io.opencrane.postgres.ProjectionOptions;
import io.opencrane.testkit.cluster.InMemoryCluster;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies from the cluster into the table and back: what the table says, and what drift and repair make of it. */
@ExtendWith(PostgresServer.Resolver.class)
class PolicyTableTest {
    private static final InstanceScope SCOPE = InstanceScope.namespace("opencrane");
    private static final AccessPolicySpec FULL = new AccessPolicySpec(
            "For the red team",
            new TenantSelector(Map.of("tier", "gold"), "red"),
            new Domains(List.of("*.example.com", "a.example"), List.of("x.example.com"), false),
            List.of(
                    new EgressRule("10.20.0.0/16", List.of(5432), EgressRule.Protocol.TCP),
                    new EgressRule("10.0.0.10/32", List.of(53), EgressRule.Protocol.UDP)),
            new McpServers(List.of("github"), List.of("shell")));

    private final PostgresServer server;
    private final String schema;
    private final PostgresProjection projection;
    private final KubernetesCluster cluster;
    private final ProjectionService service;

    PolicyTableTest(PostgresServer server) {
        this.server = server;
        schema = server.newSchema();
        projection = PostgresProjection.using(
                server.dataSource(),
                ProjectionOptions.defaults().withSchema(schema).withRowsAtOnce(2));
        cluster = KubernetesCluster.over(
                InMemoryCluster.create(SCOPE, InstantSource.system()).objects(), SCOPE);
        service = ProjectionServices.using(cluster, projection);
    }

    static PolicyRow row(String name, AccessPolicySpec spec) {
        return new PolicyRow(
                new AccessPolicyId("opencrane", name),
                "uid-1",
                "1",
                Instant.EPOCH,
                spec.description(),
                spec.tenantSelector(),
                spec.domains(),
                spec.egressRules(),
                spec.mcpServers(),
                null);
    }

    private AccessPolicy create(String name, AccessPolicySpec spec) {
        return cluster.resources()
                .create(new AccessPolicy(ResourceMetadata.of("opencrane", name), spec, AccessPolicyStatus.empty()));
    }

    private DriftReport drift() {
        return service.drift(ResourceKind.ACCESS_POLICY);
    }

    private RepairReport repair() {
        return service.repair(ResourceKind.ACCESS_POLICY, RepairMode.APPLY);
    }

    private void damage(String what) throws SQLException {
        server.execute("UPDATE " + schema + ".access_policies SET " + what + " WHERE name = 'p2'");
    }

    @Test
    void theJsonInTheTableIsThatOfTheCustomResource() throws SQLException {
        create("full", FULL);
        create("empty", AccessPolicySpec.builder().build());
        repair();

        assertThat(server.column("SELECT concat_ws(' ', name, coalesce(description, 'NULL'), tenant_selector, domains,"
                        + " egress_rules, mcp_servers) FROM " + schema + ".access_policies ORDER BY name"))
                .containsExactly(
                        "empty NULL {} {\"defaultDeny\": true} [] {}",
                        "full For the red team {\"matchTeam\": \"red\", \"matchLabels\": {\"tier\": \"gold\"}}"
                                + " {\"deny\": [\"x.example.com\"], \"allow\": [\"*.example.com\", \"a.example\"],"
                                + " \"defaultDeny\": false}"
                                + " [{\"cidr\": \"10.20.0.0/16\", \"ports\": [5432], \"protocol\": \"TCP\"},"
                                + " {\"cidr\": \"10.0.0.10/32\", \"ports\": [53], \"protocol\": \"UDP\"}]"
                                + " {\"deny\": [\"shell\"], \"allow\": [\"github\"]}");
    }

    @Test
    void aPolicyOfTheClusterIsReadBackFromItsRowAsItIs() {
        AccessPolicy policy = create("full", FULL);
        PolicyRow row = AccessPolicyRows.row(policy);
        projection.policies().write(row, AuditEntry.ofRow(row, "access-policy.create", Instant.EPOCH));

        assertThat(projection.policies().find(policy.id()).orElseThrow())
                .usingRecursiveComparison()
                .ignoringFields("updatedAt")
                .isEqualTo(row);
        assertThat(drift().isClean()).isTrue();
    }

    @Test
    void whatDriftedIsNamedAndARepairLeavesNothingButRowsWithoutResource() throws SQLException {
        for (String name : List.of("p1", "p2", "p3")) {
            create(name, FULL);
        }
        create("p4", AccessPolicySpec.builder().build());
        assertThat(repair().repairedCount()).isEqualTo(4);
        damage("description = NULL, egress_rules = jsonb_build_array(egress_rules->1, egress_rules->0),"
                + " domains = domains || '{\"defaultDeny\": true}'");
        server.execute("DELETE FROM " + schema + ".access_policies WHERE name = 'p3'");
        PolicyRow orphan = row("p9", FULL);
        projection.policies().write(orphan, AuditEntry.ofRow(orphan, "access-policy.create", Instant.EPOCH));

        DriftReport drift = drift();
        RepairReport repair = repair();

        assertThat(drift.summary()).isEqualTo(new DriftReport.Summary(4, 4, 3));
        assertThat(drift.mismatches())
                .extracting(m -> m.name() + " " + m.issue() + " " + m.fields())
                .containsExactly(
                        "p2 FIELD_MISMATCH [description, domains, egressRules]",
                        "p3 MISSING_PROJECTION []",
                        "p9 MISSING_SOURCE []");
        assertThat(repair.entries())
                .extracting(entry -> entry.name() + " " + entry.action() + " " + entry.reason())
                .containsExactly(
                        "p2 UPDATED FIELD_MISMATCH:description,domains,egressRules",
                        "p3 CREATED MISSING_PROJECTION",
                        "p9 SKIPPED MISSING_SOURCE");
        assertThat(drift().mismatches()).extracting(Mismatch::name).containsExactly("p9");
        assertThat(service.drift(ResourceKind.TENANT).isClean()).isTrue();
        assertThat(server.busyConnections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "egress_rules = '[{\"cidr\": \"10.0.0.0/8\", \"protocol\": \"ICMP\"}]'",
                "egress_rules = '[null]'",
                "domains = '{\"allow\": {\"hunter2\": 1}}'",
                "tenant_selector = '[\"hunter2\"]'",
                "mcp_servers = 'null'"
            })
    void aDamagedRowCountsAsMissingAndARepairRewritesIt(String damage) throws SQLException {
        for (String name : List.of("p1", "p2", "p3")) {
            create(name, FULL);
        }
        repair();
        server.execute("""
                ALTER TABLE %s.access_policies DROP CONSTRAINT access_policies_tenant_selector_check,
                DROP CONSTRAINT access_policies_mcp_servers_check""".formatted(schema));
        damage(damage);

        assertThat(drift().mismatches())
                .containsExactly(new Mismatch("opencrane", "p2", Mismatch.Issue.MISSING_PROJECTION, List.of()));
        assertThat(projection.policies().find(new AccessPolicyId("opencrane", "p2")))
                .isEmpty();
        Page<PolicyRow> page = projection
                .policies()
                .list(AccessPolicyQuery.builder().text("RED").build(), List.of());
        assertThat(page.items()).extracting(row -> row.id().name()).containsExactly("p1", "p3");

        assertThat(repair().repairedCount()).isEqualTo(1);
        assertThat(drift().isClean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tenant_selector = '[]'", "domains = 'null'", "egress_rules = '{}'", "mcp_servers = '\"x\"'"})
    void whatCannotBeReadBackCannotBeWritten(String damage) {
        create("p2", FULL);
        repair();

        assertThatThrownBy(() -> damage(damage))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("check constraint");
    }

    @Test
    void whatPostgresCannotHoldIsSkippedByNameAndBlocksNobody() {
        create("bad", AccessPolicySpec.builder().description("a\u0000b").build());
        create("good", FULL);

        assertThat(repair().entries())
                .extracting(entry -> entry.name() + " " + entry.reason())
                .containsExactly("bad UNPROJECTABLE:description", "good MISSING_PROJECTION");
    }
}
