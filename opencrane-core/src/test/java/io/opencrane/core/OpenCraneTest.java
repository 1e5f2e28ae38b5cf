package io.opencrane.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.core.settings.HostingProvider;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.support.InMemoryCluster;
import io.opencrane.core.support.InMemoryProjection;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class OpenCraneTest {
    private final InMemoryCluster cluster = new InMemoryCluster(InstanceScope.namespace("opencrane"));
    private final InMemoryProjection projection = new InMemoryProjection();

    @Test
    void aClusterIsRequiredAndNamed() {
        OpenCrane.Builder builder = OpenCrane.builder().projection(projection);

        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED))
                .hasMessageContaining("cluster(...)");
    }

    @Test
    void buildingCallsNothing() {
        projection.down = InMemoryCluster.failure(ErrorCode.UPSTREAM_ERROR);

        OpenCrane openCrane =
                OpenCrane.builder().cluster(cluster).projection(projection).build();

        assertThat(cluster.calls).isEmpty();
        assertThat(openCrane.settings().hosting().provider()).isEqualTo(HostingProvider.ONPREM);
    }

    @Test
    void theFirstJourneyWorks() {
        OpenCrane openCrane = OpenCrane.builder()
                .cluster(cluster)
                .projection(projection)
                .clock(InstantSource.fixed(Instant.EPOCH))
                .build();

        assertThat(openCrane
                        .tenants()
                        .create(NewTenant.builder("acme", "ACME Corp", "owner@acme.com")
                                .build())
                        .projection())
                .isEqualTo(ProjectionOutcome.WRITTEN);
        assertThat(openCrane.projections().drift(ResourceKind.TENANT).isClean()).isTrue();
        assertThat(projection.log.get(0).timestamp()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void theHostingOfTheSettingsLimitsNames() {
        Settings gcp = Settings.builder()
                .hostingProvider(HostingProvider.GCP)
                .gcpProjectId("project-1")
                .gcpBucketPrefix("oc")
                .build();
        OpenCrane openCrane = OpenCrane.builder().cluster(cluster).settings(gcp).build();

        assertThatThrownBy(() -> openCrane
                        .tenants()
                        .create(NewTenant.builder("a".repeat(22), "A", "a@b").build()))
                .hasMessageContaining("21");
    }

    @Test
    void healthTellsUpDownAndNotConfiguredApart() {
        Health bare = OpenCrane.builder().cluster(cluster).build().health();
        assertThat(bare.isUp()).isTrue();
        assertThat(bare.cluster().state()).isEqualTo(Health.State.UP);
        assertThat(bare.database().state()).isEqualTo(Health.State.NOT_CONFIGURED);
        assertThat(bare.modelGateway().state()).isEqualTo(Health.State.NOT_CONFIGURED);

        projection.down = InMemoryCluster.failure(ErrorCode.TIMEOUT);
        cluster.onPage.add(InMemoryCluster.failure(ErrorCode.FORBIDDEN));
        Health broken = OpenCrane.builder()
                .cluster(cluster)
                .projection(projection)
                .build()
                .health();
        assertThat(broken.isUp()).isFalse();
        assertThat(broken.cluster().state()).isEqualTo(Health.State.DOWN);
        assertThat(broken.database().message()).contains("TIMEOUT");
    }
}
