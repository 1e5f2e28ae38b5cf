package io.opencrane.testkit.provisioner;

import java.time.Duration;

class FakeProvisionerTckTest extends ClusterTenantProvisionerTck {
    @Override
    protected ProvisionerUnderTest start() {
        return new FakeWorld((clock, cloud) -> {
            cloud.removalTakes(Duration.ofMinutes(5));
            return new FakeProvisioner(clock, cloud).takes(Duration.ofHours(1));
        });
    }
}
