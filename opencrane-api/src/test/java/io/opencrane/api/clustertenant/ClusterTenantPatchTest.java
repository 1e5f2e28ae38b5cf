package io.opencrane.api.clustertenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClusterTenantPatchTest {
    private static final ClusterTenantSpec BEFORE = ClusterTenantSpec.builder("ACME")
            .baseDomain("acme.com")
            .isolationTier(IsolationTier.DEDICATED_NODES)
            .compute(Compute.dedicated("gold"))
            .resources(new ClusterTenantResources(Quota.builder().pods(1L).build()))
            .build();

    @Test
    void anEmptyPatchChangesNothing() {
        ClusterTenantPatch patch = ClusterTenantPatch.builder().build();

        assertThat(patch.applyTo(BEFORE)).isEqualTo(BEFORE);
        assertThat(patch.expectedVersion()).isEmpty();
        assertThat(patch).hasToString("ClusterTenantPatch[]");
    }

    @Test
    void whatIsSetReplacesAndWhatIsClearedGoes() {
        ClusterTenantPatch patch = ClusterTenantPatch.builder()
                .displayName("Secret Corp")
                .clearBaseDomain()
                .dedicatedCluster()
                .quota(Quota.builder().gpu(2L).build())
                .ifVersion("7")
                .build();

        assertThat(patch.applyTo(BEFORE))
                .isEqualTo(ClusterTenantSpec.builder("Secret Corp")
                        .isolationTier(IsolationTier.DEDICATED_CLUSTER)
                        .resources(new ClusterTenantResources(
                                Quota.builder().gpu(2L).build()))
                        .build());
        assertThat(patch.expectedVersion()).contains("7");
        assertThat(patch).hasToString("ClusterTenantPatch[displayName, isolationTier, quota, no baseDomain]");
    }

    @Test
    void aPatchDoesNotChangeWithItsBuilder() {
        ClusterTenantPatch.Builder builder = ClusterTenantPatch.builder();
        ClusterTenantPatch patch = builder.build();

        builder.displayName("Later");

        assertThat(patch.applyTo(BEFORE)).isEqualTo(BEFORE);
    }

    @Test
    void settingAndClearingTheDomainIsAContradiction() {
        assertThatThrownBy(() -> ClusterTenantPatch.builder()
                        .baseDomain("b.com")
                        .clearBaseDomain()
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("choose one");
    }
}
