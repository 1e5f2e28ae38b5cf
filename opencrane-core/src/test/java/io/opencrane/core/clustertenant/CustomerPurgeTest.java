package io.opencrane.core.clustertenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.resource.ResourceMetadata;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CustomerPurgeTest {
    private static ClusterTenant acme(Map<String, String> annotations) {
        return new ClusterTenant(
                ResourceMetadata.of("", "acme").withAnnotations(annotations),
                ClusterTenantSpec.builder("ACME").build(),
                ClusterTenantStatus.empty());
    }

    @Test
    void onlyTheCustomersOwnNameConfirmsIt() {
        assertThat(CustomerPurge.isConfirmed(acme(Map.of("opencrane.io/purge-state", "acme"))))
                .isTrue();
        assertThat(CustomerPurge.isConfirmed(acme(Map.of("opencrane.io/purge-state", "true"))))
                .isFalse();
        assertThat(CustomerPurge.isConfirmed(acme(Map.of()))).isFalse();
    }

    @Test
    void itIsSaidAndTakenBackBesideOtherAnnotations() {
        ClusterTenant other = acme(Map.of("somebody.else/note", "kept"));

        ClusterTenant confirmed = CustomerPurge.confirmed(other);

        assertThat(CustomerPurge.isConfirmed(confirmed)).isTrue();
        assertThat(confirmed.metadata().annotations()).containsEntry("somebody.else/note", "kept");
        assertThat(CustomerPurge.withdrawn(confirmed)).isEqualTo(other);
    }
}
