package io.opencrane.it.litellm;

import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.litellm.ModelGatewayFaultsTck;
import java.net.URI;
import java.time.Duration;

class LiteLlmGatewayFaultsTest extends ModelGatewayFaultsTck {
    @Override
    protected ModelGateway connect(URI endpoint, SecretText masterKey) {
        return LiteLlmGateway.builder(endpoint, masterKey)
                .requestTimeout(Duration.ofMillis(500))
                .attempts(3, Duration.ofMillis(1))
                .circuit(1000, Duration.ofSeconds(30))
                .build();
    }
}
