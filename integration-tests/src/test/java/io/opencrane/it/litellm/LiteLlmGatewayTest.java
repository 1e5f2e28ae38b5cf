package io.opencrane.it.litellm;

import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import io.opencrane.testkit.litellm.ModelGatewayTck;
import java.math.BigDecimal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiteLlmGatewayTest extends ModelGatewayTck {
    private static final SecretText MASTER = SecretText.of("sk-master-of-the-contract-0123456789");

    private FakeLiteLlm proxy;
    private ModelGateway gateway;

    @BeforeAll
    void startTheProxy() {
        proxy = FakeLiteLlm.start(MASTER);
        gateway = LiteLlmGateway.builder(proxy.endpoint(), MASTER).build();
    }

    @AfterAll
    void stopTheProxy() {
        proxy.close();
    }

    @Override
    protected ModelGateway gateway() {
        return gateway;
    }

    @Override
    protected boolean spend(String teamId, BigDecimal usd) {
        proxy.spend(teamId, usd);
        return true;
    }

    @Override
    protected Boolean isLive(SecretText key) {
        return proxy.isLive(key);
    }
}
