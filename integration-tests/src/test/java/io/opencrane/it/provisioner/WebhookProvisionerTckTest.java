package io.opencrane.it.provisioner;

import io.opencrane.api.resource.SecretText;
import io.opencrane.testkit.provisioner.ClusterTenantProvisionerTck;
import io.opencrane.testkit.provisioner.FakeProvisionerBackend;
import io.opencrane.testkit.provisioner.ProvisionerUnderTest;
import io.opencrane.webhook.WebhookEndpoint;
import io.opencrane.webhook.WebhookProvisioner;
import java.time.Duration;

class WebhookProvisionerTckTest extends ClusterTenantProvisionerTck {
    private static final SecretText TOKEN = SecretText.of("t0ken-of-the-provisioner");

    @Override
    protected ProvisionerUnderTest start() {
        FakeProvisionerBackend backend = FakeProvisionerBackend.start(TOKEN);
        return backend.underTest(() -> WebhookProvisioner.builder("hook", WebhookEndpoint.of(backend.url(), TOKEN))
                .statusAttempts(2, Duration.ofMillis(1))
                .retainsState()
                .build());
    }
}
