package io.opencrane.litellm;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.port.ModelGateway.GatewayHealth;

/** Whether LiteLLM's answers can be believed: "healthy" is not enough, its database must be connected (litellm.md §5). */
final class Readiness {
    private final Transport transport;

    Readiness(Transport transport) {
        this.transport = transport;
    }

    GatewayHealth probe() {
        Reply reply;
        try {
            reply = transport.getPublic("/health/readiness", "LiteLLM");
        } catch (OpenCraneException e) {
            return new GatewayHealth(false, false, e.getMessage() == null ? "LiteLLM did not answer." : e.getMessage());
        }
        if (reply.isSuccess() && "connected".equals(Json.text(reply.json(), "db"))) {
            return new GatewayHealth(true, true, "LiteLLM is ready.");
        }
        return new GatewayHealth(
                true,
                false,
                reply.isSuccess() && reply.json().isObject()
                        ? "LiteLLM answers, but does not say that its database is connected."
                        : "LiteLLM's readiness route answered " + reply.status() + ".");
    }

    boolean isReady() {
        return probe().isReady();
    }
}
