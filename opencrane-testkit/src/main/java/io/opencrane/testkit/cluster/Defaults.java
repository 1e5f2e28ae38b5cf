package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** What 1.20 writes into a built-in object that says nothing; pods have their own page. */
final class Defaults {
    private Defaults() {}

    static void of(KindInfo kind, ObjectNode object) {
        if (!kind.isBuiltIn()) {
            return;
        }
        switch (kind.type().kind()) {
            case "Namespace" -> {
                ArrayNode finalizers = Json.child(object, "spec").withArrayProperty("finalizers");
                if (finalizers.isEmpty()) {
                    finalizers.add("kubernetes");
                }
                Json.setIfMissing(Json.child(object, "status"), "phase", "Active");
            }
            case "Pod" -> {
                ObjectNode spec = Json.child(object, "spec");
                PodDefaults.spec(spec);
                if (!spec.has("enableServiceLinks")) {
                    spec.put("enableServiceLinks", true);
                }
                requestsFromLimits(spec);
            }
            case "Secret" -> secret(object);
            case "PersistentVolumeClaim" -> {
                Json.setIfMissing(Json.child(object, "status"), "phase", "Pending");
                Json.setIfMissing(Json.child(object, "spec"), "volumeMode", "Filesystem");
            }
            case "Service" -> service(Json.child(object, "spec"));
            case "Deployment" -> deployment(Json.child(object, "spec"));
            case "NetworkPolicy" -> networkPolicy(Json.child(object, "spec"));
            case "LimitRange" ->
                Json.objects(object.path("spec").path("limits")).forEach(Defaults::limit);
            default -> {}
        }
    }

    private static void requestsFromLimits(ObjectNode podSpec) {
        for (ObjectNode container : Json.objects(podSpec.path("containers"))) {
            container.path("resources").path("limits").properties().forEach(limit -> {
                ObjectNode requests = Json.child(container, "resources", "requests");
                if (!requests.has(limit.getKey())) {
                    requests.set(limit.getKey(), limit.getValue());
                }
            });
        }
    }

    private static void secret(ObjectNode secret) {
        Json.setIfMissing(secret, "type", "Opaque");
        JsonNode texts = secret.remove("stringData");
        if (texts != null) {
            texts.properties()
                    .forEach(text -> Json.child(secret, "data")
                            .put(
                                    text.getKey(),
                                    Base64.getEncoder()
                                            .encodeToString(
                                                    text.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
    }

    private static void service(ObjectNode spec) {
        Json.setIfMissing(spec, "sessionAffinity", "None");
        Json.setIfMissing(spec, "type", "ClusterIP");
        for (ObjectNode port : Json.objects(spec.path("ports"))) {
            Json.setIfMissing(port, "protocol", "TCP");
            if (!port.has("targetPort")) {
                port.set("targetPort", port.get("port"));
            }
        }
    }

    private static void deployment(ObjectNode spec) {
        Json.setIfMissing(spec, "replicas", 1);
        Json.setIfMissing(spec, "revisionHistoryLimit", 10);
        Json.setIfMissing(spec, "progressDeadlineSeconds", 600);
        ObjectNode strategy = Json.child(spec, "strategy");
        Json.setIfMissing(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Json.child(strategy, "rollingUpdate");
            Json.setIfMissing(rolling, "maxUnavailable", "25%");
            Json.setIfMissing(rolling, "maxSurge", "25%");
        }
        PodDefaults.template(Json.child(spec, "template"));
    }

    private static void networkPolicy(ObjectNode spec) {
        Json.child(spec, "podSelector");
        if (!spec.has("policyTypes")) {
            ArrayNode types = spec.putArray("policyTypes").add("Ingress");
            if (!spec.path("egress").isEmpty()) {
                types.add("Egress");
            }
        }
        for (String direction : List.of("ingress", "egress")) {
            for (JsonNode rule : spec.path(direction)) {
                Json.objects(rule.path("ports")).forEach(port -> Json.setIfMissing(port, "protocol", "TCP"));
            }
        }
    }

    private static void limit(ObjectNode limit) {
        if (Json.text(limit, "type").equals("Container")) {
            copyMissing(limit, "max", "default");
            copyMissing(limit, "default", "defaultRequest");
            copyMissing(limit, "min", "defaultRequest");
        }
    }

    private static void copyMissing(ObjectNode limit, String from, String to) {
        limit.path(from).properties().forEach(amount -> {
            ObjectNode target = Json.child(limit, to);
            if (!target.has(amount.getKey())) {
                target.set(amount.getKey(), amount.getValue());
            }
        });
    }
}
