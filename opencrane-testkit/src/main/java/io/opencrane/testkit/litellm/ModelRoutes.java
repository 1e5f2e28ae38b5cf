package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What a key is for: the routes of models (F3, F8, F16). */
final class ModelRoutes {
    private final Access access;

    ModelRoutes(Access access) {
        this.access = access;
    }

    Map<String, Route> routes() {
        return Map.of("GET /v1/models", this::models, "GET /models", this::models);
    }

    private Answer models(Call call) {
        access.requireLiveKey(call);
        ObjectNode body = Rows.object().put("object", "list");
        body.putArray("data").addObject().put("id", "fake-model").put("object", "model");
        return Answer.ok(body);
    }
}
