package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.error.Problem.Code;
import io.opencrane.api.resource.Quantity;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The refusals of built-in kinds that a tenancy library can run into; the server knows more. */
final class BuiltInValidation {
    private static final Set<String> FIXED_VOLUME_FIELDS =
            Set.of("accessModes", "storageClassName", "volumeMode", "selector");

    private final Invalid invalid;

    BuiltInValidation(Invalid invalid) {
        this.invalid = invalid;
    }

    void check(String kind, @Nullable ObjectNode live, ObjectNode next) {
        JsonNode spec = next.path("spec");
        switch (kind) {
            case "Deployment" -> deployment(live, spec);
            case "Pod" -> pod(spec, "spec");
            case "Service" -> service(live, spec);
            case "Ingress" -> ingress(spec);
            case "NetworkPolicy" -> new NetworkPolicyValidation(invalid).check(spec);
            case "PersistentVolumeClaim" -> volumeClaim(live, spec);
            case "Secret", "ConfigMap" -> data(kind, live, next);
            case "RoleBinding" -> roleBinding(live, next);
            default -> {}
        }
    }

    private void deployment(@Nullable ObjectNode live, JsonNode spec) {
        JsonNode selector = spec.path("selector");
        invalid.check(!selector.isEmpty(), "spec.selector", Code.REQUIRED, "Required value.");
        JsonNode labels = spec.path("template").path("metadata").path("labels");
        invalid.check(
                selector.path("matchLabels").properties().stream()
                        .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey()))),
                "spec.template.metadata.labels",
                Code.CONTRADICTION,
                "`selector` does not match template `labels`.");
        if (live != null) {
            fixed(live.path("spec").path("selector"), selector, "spec.selector");
        }
        JsonNode strategy = spec.path("strategy");
        invalid.check(
                !Json.text(strategy, "type").equals("Recreate") || !strategy.has("rollingUpdate"),
                "spec.strategy.rollingUpdate",
                Code.CONTRADICTION,
                "May not be specified when strategy `type` is 'Recreate'.");
        invalid.check(spec.path("replicas").asInt() >= 0, "spec.replicas", Code.OUT_OF_RANGE, "At least 0.");
        pod(spec.path("template").path("spec"), "spec.template.spec");
    }

    private void roleBinding(@Nullable ObjectNode live, ObjectNode next) {
        required(next.path("roleRef"), "name", "roleRef");
        if (live != null) {
            fixed(live.path("roleRef"), next.path("roleRef"), "roleRef");
        }
        for (JsonNode subject : next.path("subjects")) {
            required(subject, "name", "subjects");
        }
    }

    private void pod(JsonNode spec, String path) {
        List<ObjectNode> containers = Json.objects(spec.path("containers"));
        invalid.check(!containers.isEmpty(), path + ".containers", Code.REQUIRED, "Required value.");
        Set<String> volumes = new HashSet<>();
        for (JsonNode volume : spec.path("volumes")) {
            required(volume, "name", path + ".volumes");
            invalid.check(
                    volumes.add(Json.text(volume, "name")), path + ".volumes", Code.CONTRADICTION, "Duplicate name.");
        }
        for (int i = 0; i < containers.size(); i++) {
            container(containers.get(i), path + ".containers[" + i + "]", volumes);
        }
    }

    private void container(ObjectNode container, String path, Set<String> volumes) {
        required(container, "name", path);
        required(container, "image", path);
        for (JsonNode mount : container.path("volumeMounts")) {
            required(mount, "mountPath", path + ".volumeMounts");
            invalid.check(
                    volumes.contains(Json.text(mount, "name")),
                    path + ".volumeMounts.name",
                    Code.UNKNOWN,
                    "Not found: \"" + Json.text(mount, "name") + "\".");
        }
        for (JsonNode port : container.path("ports")) {
            portNumber(port.path("containerPort"), path + ".ports.containerPort");
        }
        for (JsonNode variable : container.path("env")) {
            required(variable, "name", path + ".env");
            invalid.check(
                    !(variable.has("value") && variable.has("valueFrom")),
                    path + ".env.valueFrom",
                    Code.CONTRADICTION,
                    "May not be specified when `value` is not empty.");
        }
        JsonNode limits = container.path("resources").path("limits");
        container.path("resources").path("requests").properties().forEach(request -> {
            JsonNode limit = limits.get(request.getKey());
            invalid.check(
                    limit == null
                            || Quantity.parse(request.getValue().asText()).compareTo(Quantity.parse(limit.asText()))
                                    <= 0,
                    path + ".resources.requests",
                    Code.OUT_OF_RANGE,
                    "Must be less than or equal to " + request.getKey() + " limit.");
        });
    }

    private void service(@Nullable ObjectNode live, JsonNode spec) {
        boolean needsPorts = !Json.text(spec, "clusterIP").equals("None")
                && !Json.text(spec, "type").equals("ExternalName");
        invalid.check(!needsPorts || !spec.path("ports").isEmpty(), "spec.ports", Code.REQUIRED, "Required value.");
        Set<String> names = new HashSet<>();
        for (JsonNode port : spec.path("ports")) {
            portNumber(port.path("port"), "spec.ports.port");
            if (spec.path("ports").size() > 1) {
                required(port, "name", "spec.ports");
                invalid.check(
                        names.add(Json.text(port, "name")), "spec.ports.name", Code.CONTRADICTION, "Duplicate value.");
            }
        }
        if (live != null && live.path("spec").has("clusterIP")) {
            fixed(live.path("spec").path("clusterIP"), spec.path("clusterIP"), "spec.clusterIP");
        }
    }

    private void ingress(JsonNode spec) {
        invalid.check(
                spec.has("rules") || spec.has("defaultBackend"),
                "spec",
                Code.REQUIRED,
                "Either `defaultBackend` or `rules`.");
        for (JsonNode rule : spec.path("rules")) {
            for (JsonNode path : rule.path("http").path("paths")) {
                required(path, "pathType", "spec.rules.http.paths");
                invalid.check(
                        Json.text(path, "path").startsWith("/")
                                || Json.text(path, "pathType").equals("ImplementationSpecific"),
                        "spec.rules.http.paths.path",
                        Code.MALFORMED,
                        "Must be an absolute path.");
                required(path.path("backend").path("service"), "name", "spec.rules.http.paths.backend.service");
            }
        }
    }

    private void volumeClaim(@Nullable ObjectNode live, JsonNode spec) {
        invalid.check(
                !spec.path("accessModes").isEmpty(), "spec.accessModes", Code.REQUIRED, "At least 1 access mode.");
        invalid.check(
                spec.path("resources").path("requests").has("storage"),
                "spec.resources.requests.storage",
                Code.REQUIRED,
                "Required value.");
        if (live != null) {
            FIXED_VOLUME_FIELDS.forEach(name -> fixed(live.path("spec").path(name), spec.path(name), "spec." + name));
        }
    }

    private void data(String kind, @Nullable ObjectNode live, ObjectNode next) {
        next.path("data").properties().forEach(entry -> {
            invalid.check(
                    entry.getKey().matches("[-._a-zA-Z0-9]{1,253}"),
                    "data",
                    Code.MALFORMED,
                    "Not a valid key of a " + kind + ".");
            invalid.check(
                    kind.equals("ConfigMap") || isBase64(entry.getValue().asText()),
                    "data." + entry.getKey(),
                    Code.MALFORMED,
                    "It must be base64.");
        });
        if (live != null) {
            fixed(live.path("type"), next.path("type"), "type");
            if (live.path("immutable").asBoolean()) {
                fixed(live.path("data"), next.path("data"), "data");
                fixed(live.path("immutable"), next.path("immutable"), "immutable");
            }
        }
    }

    private static boolean isBase64(String text) {
        try {
            return Base64.getDecoder().decode(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void portNumber(JsonNode port, String path) {
        invalid.check(
                port.asInt() >= 1 && port.asInt() <= 65535, path, Code.OUT_OF_RANGE, "Must be between 1 and 65535.");
    }

    private void required(JsonNode object, String name, String path) {
        invalid.check(!Json.text(object, name).isEmpty(), path + "." + name, Code.REQUIRED, "Required value.");
    }

    private void fixed(JsonNode before, JsonNode after, String path) {
        invalid.check(before.equals(after), path, Code.CONTRADICTION, "Field is immutable.");
    }
}
