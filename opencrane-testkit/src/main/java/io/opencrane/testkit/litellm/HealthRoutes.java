package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;

/** The public health routes (litellm.md §5, F26). */
final class HealthRoutes {
    private final ProxyState state;

    HealthRoutes(ProxyState state) {
        this.state = state;
    }

    Map<String, Route> routes() {
        return Map.of(
                "GET /health/liveliness", call -> alive(),
                "GET /health/liveness", call -> alive(),
                "GET /health/readiness", call -> readiness());
    }

    private static Answer alive() {
        return Answer.ok(TextNode.valueOf("I'm alive!"));
    }

    private Answer readiness() {
        if (state.database == LiteLlmDatabase.LOST) {
            return Answer.detail(503, "Service Unhealthy (Can't reach database server)");
        }
        ObjectNode body = Rows.object()
                .put("status", "healthy")
                .put("db", state.database == LiteLlmDatabase.CONNECTED ? "connected" : "Not connected")
                .putNull("cache")
                .put("litellm_version", "1.95.0");
        body.putArray("success_callbacks");
        return Answer.ok(body);
    }
}
