package io.opencrane.testkit.provisioner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import io.opencrane.api.provisioner.StatusRequest;
import io.opencrane.api.resource.FreeForm;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The wire of contract §6 as a backend sees it. A request in another form is refused, so that a careless caller is noticed. */
final class BackendWire {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private BackendWire() {}

    /** A request in another form than the contract's. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String sentence) {
            super(sentence);
        }
    }

    static FreeForm read(byte[] body) {
        try {
            return FreeForm.of(MAPPER.readValue(body, OBJECT));
        } catch (IOException | IllegalArgumentException e) {
            throw new Malformed("The body is not one JSON object.");
        }
    }

    static byte[] write(Map<String, ?> body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Provisioning ask(ClusterTenantProvisioner provisioner, String route, FreeForm body) {
        Map<String, Object> fields = body.asMap();
        String operation = fields.containsKey("operationId") ? text(fields, "operationId") : null;
        return switch (route) {
            case "provision" -> {
                only(fields, Set.of("name", "isolationTier", "compute", "quota", "operationId"));
                yield provisioner.provision(new ProvisionRequest(text(fields, "name"), spec(fields), operation));
            }
            case "status" -> {
                only(fields, Set.of("name", "operationId"));
                yield provisioner.status(new StatusRequest(text(fields, "name"), operation));
            }
            default -> {
                only(fields, Set.of("name", "retainState", "operationId"));
                boolean retainState = !Boolean.FALSE.equals(fields.get("retainState"));
                yield provisioner.deprovision(new DeprovisionRequest(text(fields, "name"), retainState, operation));
            }
        };
    }

    /** Null where there is nothing to answer: the customer is absent. */
    static @Nullable Map<String, Object> answer(Provisioning answer) {
        if (answer.state() == State.ABSENT) {
            return null;
        }
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put(
                "phase",
                switch (answer.state()) {
                    case READY -> "ready";
                    case FAILED -> "failed";
                    default -> "provisioning";
                });
        putIfThere(wire, "message", answer.message());
        putIfThere(wire, "boundNamespace", answer.boundNamespace());
        SecretKeyRef ref = answer.kubeconfigSecretRef();
        if (ref != null) {
            wire.put("kubeconfigSecretRef", Map.of("namespace", ref.namespace(), "name", ref.name(), "key", ref.key()));
        }
        putIfThere(wire, "operationId", answer.operationId());
        if (answer.askAgainAfter() != null) {
            wire.put("retryAfterSeconds", Math.max(1, answer.askAgainAfter().toSeconds()));
        }
        return wire;
    }

    private static ClusterTenantSpec spec(Map<String, Object> fields) {
        if (!(fields.get("compute") instanceof Map) || !(fields.get("quota") instanceof Map<?, ?> quota)) {
            throw new Malformed("compute and quota are objects.");
        }
        try {
            return MAPPER.convertValue(
                    Map.of(
                            "displayName", text(fields, "name"),
                            "isolationTier", text(fields, "isolationTier"),
                            "compute", fields.get("compute"),
                            "resources", Map.of("quota", quota)),
                    ClusterTenantSpec.class);
        } catch (IllegalArgumentException e) {
            throw new Malformed("isolationTier, compute or quota is not of the contract.");
        }
    }

    private static void only(Map<String, Object> fields, Set<String> known) {
        if (!known.containsAll(fields.keySet())) {
            throw new Malformed("A field is none of " + known + ".");
        }
    }

    private static String text(Map<String, Object> fields, String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw new Malformed(name + " is a text.");
    }

    private static void putIfThere(Map<String, Object> wire, String name, @Nullable Object value) {
        if (value != null) {
            wire.put(name, value);
        }
    }
}
