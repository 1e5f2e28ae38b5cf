package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What a key is for: the routes of models. Enough to see whether a key is let in (F3, F8, F16). */
final class ModelRoutes {
    Map<String, Route> routes() {
        return Map.of("GET /v1/models", call -> models(), "GET /models", call -> models());
    }

    private static Answer models() {
        ObjectNode body = Rows.object().put("object", "list");
        body.putArray("data").addObject().put("id", "fake-model").put("object", "model");
        return Answer.ok(body);
    }
}
