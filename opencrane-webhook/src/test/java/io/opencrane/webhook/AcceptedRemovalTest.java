package io.opencrane.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedRemovalTest {
    private final HttpServer server;

    AcceptedRemovalTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aRemovalThatIsMerelyAcceptedIsNotDone() {
        assertThat(deprovision(202)).isEqualTo(Provisioning.inProgress(null));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204})
    void aRemovalThatIsAnsweredWithNothingIsDone(int status) {
        assertThat(deprovision(status).state()).isEqualTo(State.ABSENT);
    }

    private Provisioning deprovision(int status) {
        server.createContext("/deprovision", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return WebhookProvisioner.builder("hook", WebhookEndpoint.of(url))
                .build()
                .deprovision(new DeprovisionRequest("acme", true, "op-1"));
    }
}
