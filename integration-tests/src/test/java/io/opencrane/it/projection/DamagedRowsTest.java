package io.opencrane.it.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.projection.DriftReport;
import io.opencrane.api.projection.Mismatch;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.projection.RepairReport;
import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.postgres.PostgresProjection;
import io.opencrane.postgres.ProjectionOptions;
import io.opencrane.testkit.cluster.InMemoryCluster;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A row edited by hand is one tenant's trouble, not everybody's. */
@ExtendWith(PostgresServer.Resolver.class)
class DamagedRowsTest {
    private static final InstanceScope SCOPE = InstanceScope.namespace("opencrane");

    private final PostgresServer server;
    private final String schema;
    private final PostgresProjection projection;
    private final OpenCrane openCrane;

    DamagedRowsTest(PostgresServer server) {
        this.server = server;
        schema = server.newSchema();
        projection = PostgresProjection.using(
                server.dataSource(),
                ProjectionOptions.defaults().withSchema(schema).withRowsAtOnce(2));
        openCrane = OpenCrane.builder()
                .cluster(KubernetesCluster.over(
                        InMemoryCluster.create(SCOPE, InstantSource.system()).objects(), SCOPE))
                .projection(projection)
                .settings(Settings.builder().namespace("opencrane").build())
                .build();
    }

    @BeforeEach
    void threeTenantsOfWhichTheSecondIsToBeDamaged() throws SQLException {
        for (String name : List.of("t1", "t2", "t3")) {
            openCrane
                    .tenants()
                    .create(NewTenant.builder(name, "ACME", "owner@acme.com").build());
        }
        server.execute("ALTER TABLE %s.tenants DROP CONSTRAINT tenants_phase, DROP CONSTRAINT tenants_config_overrides"
                .formatted(schema));
    }

    private List<String> listed(TenantQuery.Builder query) {
        return projection.tenants().list(query.build(), List.of()).items().stream()
                .map(row -> row.id().name())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "phase = 'Lost'",
                "config_overrides = '[\"hunter2\"]'",
                "config_overrides = 'null'",
                "config_overrides = '\"hunter2\"'"
            })
    void aDamagedRowCountsAsMissingAndARepairRewritesIt(String damage) throws SQLException {
        server.execute("UPDATE " + schema + ".tenants SET " + damage + " WHERE name = 't2'");

        DriftReport drift = openCrane.projections().drift(ResourceKind.TENANT);
        assertThat(drift.summary()).isEqualTo(new DriftReport.Summary(3, 2, 1));
        assertThat(drift.mismatches())
                .containsExactly(new Mismatch("opencrane", "t2", Mismatch.Issue.MISSING_PROJECTION, List.of()));
        assertThat(projection.tenants().find(new TenantId("opencrane", "t2"))).isEmpty();
        assertThat(listed(TenantQuery.builder())).containsExactly("t1", "t3");
        Page<TenantRow> page =
                projection.tenants().list(TenantQuery.builder().limit(2).build(), List.of());
        assertThat(page.items()).hasSize(1);
        assertThat(listed(TenantQuery.builder().after(page.next()))).containsExactly("t3");

        RepairReport repair = openCrane.projections().repair(ResourceKind.TENANT, RepairMode.APPLY);

        assertThat(repair.repairedCount()).isEqualTo(1);
        assertThat(openCrane.projections().drift(ResourceKind.TENANT).isClean()).isTrue();
        assertThat(listed(TenantQuery.builder())).containsExactly("t1", "t2", "t3");
        assertThat(server.busyConnections()).isZero();
    }
}
