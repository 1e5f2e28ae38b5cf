package io.opencrane.it.litellm;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import io.opencrane.testkit.litellm.ModelGatewayTck;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
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

    @Override
    protected SecretText foreignKey(String alias) {
        SecretText key = SecretText.of("sk-" + UUID.randomUUID().toString().replace("-", ""));
        HttpRequest request = HttpRequest.newBuilder(URI.create(proxy.endpoint() + "/key/generate"))
                .header("Authorization", "Bearer " + MASTER.reveal())
                .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"" + key.reveal() + "\",\"key_alias\":\"" + alias
                        + "\",\"max_budget\":10,\"budget_duration\":\"30d\",\"duration\":\"30d\",\"spend\":1.5,"
                        + "\"metadata\":{\"tenant\":\"acme\"}}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .sendAsync(request, HttpResponse.BodyHandlers.discarding())
                        .join()
                        .statusCode())
                .isEqualTo(200);
        return key;
    }

    @Override
    protected boolean call(SecretText key, String model, BigDecimal usd) {
        proxy.call(key, model, usd);
        return true;
    }
}
