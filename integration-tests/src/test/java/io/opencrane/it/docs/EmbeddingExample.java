package io.opencrane.it.docs;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.opencrane.api.projection.DriftReport;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.postgres.PostgresProjection;
import javax.sql.DataSource;

/** The README's example; {@link ReadmeTest} runs it and compares the two. */
final class EmbeddingExample {
    private EmbeddingExample() {}

    // spotless:off
    static Tenant embed(KubernetesClient client, DataSource dataSource) {
        // README begins
        OpenCrane openCrane = OpenCrane.builder()
            .cluster(KubernetesCluster.using(client, InstanceScope.namespace("opencrane")))
            .projection(PostgresProjection.using(dataSource))
            .settings(Settings.fromEnvironment())
            .build();

        Tenant acme = openCrane.tenants()
            .create(NewTenant.builder("acme", "ACME Corp", "owner@acme.com")
                .team("engineering")
                .monthlyBudgetUsd("200")
                .build())
            .tenant();

        DriftReport drift = openCrane.projections().drift(ResourceKind.TENANT);
        if (!drift.isClean()) {
            openCrane.projections().repair(ResourceKind.TENANT, RepairMode.APPLY);
        }
        // README ends
        return acme;
    }
    // spotless:on
}
