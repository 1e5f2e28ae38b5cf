package io.opencrane.samples.dedicatedcluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.testkit.provisioner.ClusterTenantProvisionerTck;
import io.opencrane.testkit.provisioner.ProvisionerUnderTest;
import org.junit.jupiter.api.Test;

class AcmeClustersTest extends ClusterTenantProvisionerTck {
    @Override
    protected ProvisionerUnderTest start() {
        return new AcmeWorld();
    }

    @Test
    void aHostFindsItOnItsClassPath() {
        Provisioners found = Provisioners.calledOn(Runnable::run)
                .discover(getClass().getClassLoader())
                .build();
        assertThat(found.forTier(IsolationTier.DEDICATED_CLUSTER).id()).isEqualTo("acme");
    }
}
